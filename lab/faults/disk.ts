import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of 400 MB at a folder; whether it could be had. */
export const mountSmallDisk = (dir: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', dir]).status === 0;

export const unmount = (dir: string): void => void spawnSync('umount', ['-l', dir]);

/** Fills the disk to the last byte, until the ballast is dropped. */
export function fillDisk(dir: string): { readonly drop: () => void } {
  const path = join(dir, 'ballast');
  const file = openSync(path, 'w');
  for (const size of [1_048_576, 4_096]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size, 1));
    } catch {
      // Nothing of that size fits any more.
    }
  }
  closeSync(file);
  return { drop: () => rmSync(path) };
}
