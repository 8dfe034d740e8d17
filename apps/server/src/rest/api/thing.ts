import type { ListSpec } from '@orderloom/db';
import { z } from 'zod';
import type { Answer, Reply } from '../row.ts';
import { PathName } from '../wire.ts';
import { listing } from './list.ts';

type Thing<T> = {
  /** Where they are listed. */
  readonly path: `/${string}/`;
  readonly tag: string;
  /** What one of them is called in a sentence, and the name of its schema. */
  readonly word: string;
  /** What it may be named by in a path; left out, by its `id` alone. */
  readonly named?: string;
  readonly id: string;
  readonly schema: z.ZodType;
  readonly example: object;
  readonly write: (view: T) => { readonly id: string };
  readonly spec: ListSpec;
  /** The version that `If-Match` names, where there is one. */
  readonly versionOf?: (view: T) => number;
};

export const Removed = z
  .strictObject({ message: z.string() })
  .meta({ id: 'Message', description: 'It was done.' });

/** Everything that the rows of one kind of thing have in common. */
export function thing<T>({ path, tag, word, named = '`id`', id, schema, example, write, ...rest }: Thing<T>) {
  const { spec, versionOf } = rest;
  const versionHeader = versionOf ? { ETag: 'The version, for If-Match.' } : {};
  const one = (description: string): Answer => ({ description, schema, example, headers: versionHeader });
  const reply = (view: T): Reply => ({
    status: 200,
    headers: versionOf ? { ETag: `"${versionOf(view)}"` } : {},
    body: write(view),
  });
  const message = `${word} deleted successfully`;
  return {
    tag,
    path,
    one: `${path}:id/` as const,
    params: z.strictObject({
      id: PathName.meta({ description: `The ${named} of the ${word.toLowerCase()}.` }),
    }),
    list: listing<T>({ path, spec, schema, example, id: `${id}List`, write }),
    /** Answers the thing as it is now. */
    answering: (description: string) => ({ reply, answers: { 200: one(description) } }),
    /** Answers the thing that was made, and where it is. */
    creating: {
      reply: (view: T): Reply => {
        const { headers, body } = reply(view);
        return { status: 201, headers: { ...headers, Location: `${path}${write(view).id}/` }, body };
      },
      answers: {
        201: {
          ...one(`The ${word.toLowerCase()} was created.`),
          headers: { ...versionHeader, Location: `Where the ${word.toLowerCase()} is.` },
        },
      },
    },
    removing: {
      reply: (): Reply => ({ status: 200, body: { message } }),
      answers: { 200: { description: 'It is gone.', schema: Removed, example: { message } } },
    },
  };
}
