import type { Scope } from '@orderloom/core';
import type { Rule } from '../../trpc.ts';
import { filled, type Form, holesOf, placeOf } from './forms.ts';
import type { Who, World } from './people.ts';
import { type Kind, kindOf, type Owner } from './things.ts';
import { isThere, reachOf, rulesOf } from './verdict.ts';

/** What was answered: by status, and in words without the names that differ from call to call. */
export type Told = { readonly status: number; readonly words: string; readonly text: string };

/** One way to call one procedure, by whichever door. */
export type Way = {
  readonly name: string;
  readonly procedure: string;
  readonly rule: Rule | undefined;
  readonly writes: boolean;
  /** Tokens of one scope try it only when the rule names theirs, or nothing like it. */
  readonly isBrief?: boolean;
  /** It goes on answering until somebody leaves. */
  readonly stream?: boolean;
  readonly form: Form;
  /** The procedure's input that a filled form becomes; throws when the form is not accepted. */
  readonly inputOf: (filled: unknown) => unknown;
  readonly ask: (who: Who, filled: unknown) => Promise<Told>;
};

type Asked = Way & {
  readonly rules: readonly Rule[];
  readonly kinds: ReadonlyMap<string, Kind>;
  /** A name that is not there is no fault in a filter: then nothing is found. */
  readonly isFilter: (hole: string) => boolean;
};
export type Report = { readonly calls: number; readonly findings: readonly string[] };

/** Calls in every way, as everybody, with names of everybody’s; tells what ought to be answered otherwise. */
export async function tryAll(ways: readonly Way[], world: World): Promise<Report> {
  const findings: string[] = [];
  let calls = 0;
  for (const way of ways) {
    const asked = understood(way);
    if (typeof asked === 'string') {
      findings.push(`${way.name}: ${asked}`);
      continue;
    }
    const ask: Way['ask'] = (who, form) => {
      calls += 1;
      return way.ask(who, form);
    };
    for (const who of world.everybody) {
      if (way.isBrief && who.only !== null && !isTelling(asked.rules, who.only)) continue;
      const found = await tryAs(who, { ...asked, ask }, world);
      findings.push(...found.map((what) => `${way.name} as ${who.name}: ${what}`));
    }
  }
  return { calls, findings };
}

const isTelling = (rules: readonly Rule[], only: Scope): boolean =>
  only === 'tenants:admin' ||
  rules.some((rule) => typeof rule === 'object' && (rule.all === only || rule.own === only));

/** A name of nothing that can be found again in what becomes of a form; `#` asks for a number. */
function probe(procedure: string, hole: string, at: number): string {
  if (hole.startsWith('#')) return String(900_001 + at);
  if (procedure === 'auth.endSession') return 'a'.repeat(64);
  return `0199aa00-0000-7000-8000-${String(at).padStart(12, '0')}`;
}

/** What the matrix must know of a way before it can judge; or why it cannot. */
function understood(way: Way): Asked | string {
  const { rule, form, procedure } = way;
  if (rule === undefined) return 'has no rule';
  const holes = holesOf(form);
  const probes = new Map(holes.map((hole, at) => [hole, probe(procedure, hole, at)]));
  try {
    const input = way.inputOf(filled(form, (hole) => probes.get(hole) ?? ''));
    const places = new Map(holes.map((hole) => [hole, placeOf(input, probes.get(hole) ?? '') ?? '']));
    const kinds = new Map<string, Kind>();
    for (const [hole, place] of places) {
      const kind = kindOf(procedure, place);
      if (!kind) return `nobody says what ${hole} names (testing/access/things.ts)`;
      kinds.set(hole, kind);
    }
    const isFilter = (hole: string) =>
      kinds.get(hole) === 'event' || (!way.writes && !/(?:^|\.)id$/.test(places.get(hole) ?? ''));
    return { ...way, rules: rulesOf(rule, input), kinds, isFilter };
  } catch (thrown) {
    return `the sample is not accepted: ${String(thrown)}`;
  }
}

type Names = (hole: string) => Owner;
const all =
  (owner: Owner): Names =>
  () =>
    owner;
const allBut =
  (odd: string, owner: Owner): Names =>
  (hole) =>
    hole === odd ? owner : 'own';

async function tryAs(who: Who, way: Asked, world: World): Promise<string[]> {
  const ask = async (names: Names, isRefused = false) => {
    const given = new Map<string, string>();
    const again = isRefused || !way.writes;
    for (const [hole, kind] of way.kinds)
      given.set(
        hole,
        await world.nameOf({ kind, owner: names(hole), who, again, digits: hole.startsWith('#') }),
      );
    const told = await way.ask(
      who,
      filled(way.form, (hole) => given.get(hole) ?? ''),
    );
    return { ...told, leaks: world.leaked(who, withoutNames(told, given)) };
  };
  if (who.only !== null && typeof way.rule === 'string') return [];
  if (way.rule === 'anyone') return admitted(await ask(all('own')));
  const refused = who.caller === null ? 401 : reachOf(who.caller, way.rules) === null ? 403 : null;
  if (refused !== null) return turnedAway(refused, await ask(all('own'), true), await ask(all('unknown')));
  if (who.only !== null) return letIn(await ask(all('unknown')));
  return reached({ who, way, world, ask });
}

/** A refusal may repeat what was asked for. */
const withoutNames = ({ status, text }: Told, given: ReadonlyMap<string, string>): string =>
  status < 400 ? text : [...given.values()].reduce((rest, name) => rest.replaceAll(name, ''), text);

type Answer = Told & { readonly leaks: readonly string[] };
type Reaching = {
  readonly who: Who;
  readonly way: Asked;
  readonly world: World;
  readonly ask: (names: Names) => Promise<Answer>;
};

async function reached({ who, way, world, ask }: Reaching): Promise<string[]> {
  const { kinds, rules } = way;
  const there = (names: Names) =>
    [...kinds].every(([hole, kind]) => isThere(who, { kind, owner: names(hole), rules }, world));
  const found: string[] = [];
  for (const owner of kinds.size > 0 ? (['own', 'other'] as const) : (['own'] as const)) {
    const answer = await ask(all(owner));
    const nothing = there(all(owner)) ? null : await ask(all('unknown'));
    const filters = [...kinds.keys()].every(way.isFilter);
    const wrong = nothing === null ? admitted(answer) : likeNothing(answer, nothing, filters);
    found.push(...wrong.map((what) => `with all names ${owner}: ${what}`));
  }
  for (const [hole, kind] of kinds) {
    const nothing = await ask(allBut(hole, 'unknown'));
    for (const owner of ['other', 'foreign'] as const) {
      if (isThere(who, { kind, owner, rules }, world)) continue;
      const wrong = likeNothing(await ask(allBut(hole, owner)), nothing, way.isFilter(hole));
      found.push(...wrong.map((what) => `with ${hole} ${owner}: ${what}`));
    }
  }
  return found;
}

const said = ({ status, words }: Told) => `${status} ${words.slice(0, 200)}`;
const leaksOf = ({ leaks }: Answer) => leaks.map((id) => `shows ${id}`);

const turnedAway = (status: number, one: Answer, unknown: Answer): string[] => [
  ...(one.status === status ? [] : [`must be ${status}, and is ${said(one)}`]),
  ...(one.status === unknown.status && one.words === unknown.words
    ? []
    : [`tells what is there from what is not: ${said(one)}, ${said(unknown)}`]),
  ...leaksOf(one),
];

const letIn = (answer: Answer): string[] => [
  ...([401, 403, 500].includes(answer.status) ? [`must be let in, and is ${said(answer)}`] : []),
  ...leaksOf(answer),
];

const admitted = (answer: Answer): string[] => [
  ...([401, 403, 404, 500].includes(answer.status) ? [`must be served, and is ${said(answer)}`] : []),
  ...leaksOf(answer),
];

/** What is not the caller's is answered as what is not there; a write that names it is refused. */
const likeNothing = (answer: Answer, nothing: Answer, filters: boolean): string[] => [
  ...(answer.status === nothing.status && answer.words === nothing.words
    ? []
    : [`must look like nothing: ${said(answer)}, ${said(nothing)}`]),
  ...([400, 403, 404].includes(answer.status) || filters ? [] : [`must be refused, and is ${said(answer)}`]),
  ...leaksOf(answer),
];
