import { type ListFilter, listFaults, type ListSpec } from '@orderloom/db';
import { z } from 'zod';
import type { ListAsked, PageOf, Turn } from '../../list.ts';
import type { Answer, Asked, Reply } from '../row.ts';
import { WholeNumber } from '../wire.ts';

const noNul = (text: string) => !text.includes('\0');
const Text = (max: number) => z.string().max(max).refine(noNul, 'must not contain a NUL character');

const Texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const described = (filter: ListFilter): string => {
  switch (filter.kind) {
    case 'word':
      return `Only ${Object.keys(filter.words).join(', ')}; repeatable.`;
    case 'named':
    case 'among':
      return 'Only those of what this UUID, number or word names; repeatable.';
    case 'text':
      return 'Only these; repeatable.';
    case 'since':
      return 'From this date or time on.';
    case 'before':
      return 'Before this date or time.';
  }
};

/** The parameters of a list: the same for all, and its own filters. */
function queryOf(spec: ListSpec, sought: string) {
  const { filters, orderings, search } = spec;
  const own = Object.entries(filters).map(([name, filter]) => {
    const faultIn = (values: readonly string[]) =>
      listFaults(spec, { ordering: [], filters: { [name]: values } })[0]?.message;
    const values = z
      .array(filter.kind === 'word' ? z.string() : Text(200))
      .max(100)
      .refine((given) => faultIn(given) === undefined, { error: ({ input }) => faultIn(Texts.parse(input)) });
    return [name, values.optional().meta({ description: described(filter) })];
  });
  const names = Object.keys(orderings);
  return z.strictObject({
    ...Object.fromEntries(own),
    ...(search ? { search: Text(200).optional().meta({ description: sought }) } : {}),
    ordering: z
      .array(Text(200))
      .max(10)
      .optional()
      .meta({ description: `${names.join(', ')}; \`-\` for downwards; several by commas or repeated.` }),
    page: WholeNumber(1).optional().meta({ description: 'Which page: 1 is the first.' }),
    page_size: WholeNumber(1).optional().meta({ description: 'Rows of a page: 20, at most 100.' }),
    cursor: Text(2_000).optional().meta({
      description: 'Pages by their place instead: empty for the first one, then as in `next`.',
    }),
  });
}

type Query = Readonly<Record<string, unknown>>;

/** The same in the words of the procedures. */
function askedOf({ filters }: ListSpec, query: Query): ListAsked {
  const texts = (name: string): string[] => Texts.parse(query[name] ?? []);
  const number = (name: string) => z.number().optional().parse(query[name]);
  const named = Object.keys(filters).filter((name) => query[name] !== undefined);
  return {
    page: number('page'),
    size: number('page_size'),
    cursor: texts('cursor')[0],
    search: texts('search')[0],
    ordering: texts('ordering').flatMap((words) => words.split(',').map((word) => word.trim())),
    filters: Object.fromEntries(named.map((name) => [name, texts(name)])),
  };
}

/** Where another page of the same list is: everything else that was asked for stays. */
function urlOf(turn: NonNullable<Turn>, { query, params, publicUrl }: ListCall, path: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, page: undefined, cursor: undefined, ...turn }))
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return `${publicUrl}${filled}?${search.toString()}`;
}

type ListCall = Asked<Readonly<Record<string, string>>, Query>;
type Kind<T> = {
  readonly path: `/${string}`;
  readonly spec: ListSpec;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** The name of the schema of a page. */
  readonly id: string;
  readonly write: (item: T) => object;
  /** What its search looks at. */
  readonly sought?: string;
};

/** A list as the parts of a row: its parameters, what they ask for, and the page that is answered. */
export function listing<T>({ path, spec, schema, example, id, write, sought }: Kind<T>) {
  const page = z
    .strictObject({
      count: z.int().meta({ description: 'How many there are: exact to 10,000.' }),
      count_is_estimate: z.literal(true).optional(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      results: z.array(schema),
    })
    .meta({ id, description: 'A page of a list.' });
  const answer: Answer = {
    description: 'A page.',
    schema: page,
    example: { count: 1, next: null, previous: null, results: [example] },
    headers: { Link: 'Where the next page is.' },
  };
  return {
    query: queryOf(spec, sought ?? 'A part of a name, in any case.'),
    asked: ({ query }: { readonly query: Query }) => askedOf(spec, query),
    reply: ({ items, count, countIsEstimate, ...turns }: PageOf<T>, call: ListCall): Reply => {
      const [next, previous] = [turns.next, turns.previous].map((turn) => turn && urlOf(turn, call, path));
      const estimated = countIsEstimate ? { count_is_estimate: true } : {};
      return {
        status: 200,
        headers: next ? { Link: `<${next}>; rel="next"` } : {},
        body: { count, ...estimated, next, previous, results: items.map(write) },
      };
    },
    answers: { 200: answer },
    refusals: ['INVALID_CURSOR'] as const,
  };
}
