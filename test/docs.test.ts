import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { transitions } from '@orderloom/core';
import { describe, expect, it } from 'vitest';

const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md']);
const read = (path: string) => readFileSync(path, 'utf8');

/** Every file or folder that a page names: by a link, or as code that begins with one of our folders. */
function namedBy(page: string): string[] {
  const text = read(page);
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, path = '']) =>
    posix.join(posix.dirname(page), path),
  );
  const code = [...text.matchAll(/`((?:apps|packages|docs|test|bench|scripts|examples)\/[^`*<{\s]+)`/g)];
  return [...links, ...code.map(([, path = '']) => path)];
}

describe('the documentation', () => {
  it.each(pages)('%s names only what is there', (page) => {
    expect(namedBy(page).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('lists the transitions of the state machine as they are', () => {
    const rows = [...read('docs/domain.md').matchAll(/^\| (T\d+) \| (\S+) \| (\S+) \| (\w+) \|$/gm)];
    expect(
      rows.map(([, id, from, to, command]) => ({ id, from: from === '–' ? null : from, to, command })),
    ).toEqual(transitions);
  });

  it('explains every setting, and none that nobody reads', () => {
    const example = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => name);
    const config = read('apps/server/src/config.ts');
    const settings = [...config.matchAll(/^ {2}([A-Z][A-Z_]+): z/gm)].map(([, name = '']) => name);
    expect(settings.filter((name) => !example.includes(name))).toEqual([]);
    const readers = config + read('compose.production.yml');
    expect(example.filter((name) => !readers.includes(name))).toEqual([]);
  });

  it('speaks of no machine, and of nobody who made it', () => {
    const foreign = /\/work\/|\/root\/|registry\.npmjs|node_modules\/\.pnpm\/|\bAI\b|language model/;
    expect(pages.filter((page) => foreign.test(read(page)))).toEqual([]);
  });
});
