import { posix } from 'node:path';
import { functionsOf, importsOf, readSource, spaces, type Source } from './source.ts';

type Rule = (source: Source) => string[];

/** Whose work is to give a value its type: parsers and the bridge between typed worlds. */
const mayCast: readonly string[] = [
  'apps/server/src/rest/row.ts',
  'apps/server/src/rest/bridge.ts',
  'packages/db/src/transact.ts',
];
/** Who may speak HTTP by hand: what stands before the contracts and beside them. */
const maySpeakHttp = /^apps\/server\/src\/(?:rest\/|(?:app|health)\.ts|(?:edge|docs|sandbox)(?:\.ts|\/))/;
/** Who may ask for the time, a number or an id: whoever composes, measures or signs. */
const mayAskTheClock = new RegExp(
  [
    'apps/server/src/(?:context|main|cli|log|metrics|app)\\.ts',
    'packages/db/src/embedded[\\w-]*\\.ts',
    'apps/admin/src/',
  ]
    .map((path) => `^${path}`)
    .join('|'),
);
const mayReadEnvironment = /^(?:apps\/server\/src\/config\.ts|test\/|bench\/|lab\/|scripts\/)/;
const mayTransact = /^packages\/db\/src\/(?:transact|testing)\.ts$/;

const home = ({ path }: Source): string => /^(?:packages|apps)\/[^/]+/.exec(path)?.[0] ?? '';
/** Tests and tools, which are not part of the product. */
const isTest = ({ path }: Source): boolean =>
  /\.test\.tsx?$|\.config\.ts$|^(?:test|bench|lab|examples|scripts)\//.test(path);
const isTestingFace = ({ path }: Source): boolean => /(?:^|\/)testing(?:\.ts|\/)/.test(path);
const lib = /^(?!@orderloom\/|node:)[@a-z]/;

const outside: Record<string, (name: string, source: Source) => boolean> = {
  'packages/core': (name, source) =>
    (name === 'zod' && source.path.endsWith('inputs.ts')) || (name === 'fast-check' && isTestingFace(source)),
  'packages/db': (name, source) =>
    /^(?:@orderloom\/core|@mikro-orm\/[\w/-]+|kysely|pg|node:[\w/]+)$/.test(name) ||
    (isTestingFace(source) && name === 'vitest'),
  'apps/server': (name, source) =>
    lib.test(name) ||
    /^(?:node:[\w/]+|@orderloom\/core(?:\/inputs)?|@orderloom\/db(?:\/embedded)?)$/.test(name) ||
    (isTestingFace(source) && /^@orderloom\/(?:core|db)\/testing$/.test(name)),
  'apps/admin': (name) => lib.test(name) || /^@orderloom\/(?:core(?:\/inputs)?|server\/router)$/.test(name),
};

const packageImports: Rule = (source) => {
  const allowed = outside[home(source)];
  if (!allowed || isTest(source)) return [];
  return importsOf(source)
    .filter(({ from }) => !from.startsWith('.') && !allowed(from, source))
    .map(({ from }) => `may not import ${from}`);
};

const staysAtHome: Rule = (source) =>
  importsOf(source)
    .filter(({ from }) => from.startsWith('.') && home(source) !== '')
    .filter(({ from }) => !posix.join(source.path, '..', from).startsWith(`${home(source)}/`))
    .map(({ from }) => `reaches out of its package: ${from}`);

const onlyTypesOfServer: Rule = (source) =>
  importsOf(source)
    .filter(
      ({ from, typeOnly }) =>
        home(source) === 'apps/admin' && from.startsWith('@orderloom/server') && !typeOnly,
    )
    .map(({ from }) => `may import only types of ${from}`);

const dbDecidesNothing: Rule = (source) =>
  importsOf(source)
    .filter(({ from }) => home(source) === 'packages/db' && from === '@orderloom/core')
    .filter(() => !isTest(source) && !isTestingFace(source))
    .filter(({ names, typeOnly }) => !typeOnly && /(?<!type )\b(?:decide|place)\b/.test(names))
    .map(() => 'asks the core for a decision');

const inputsStayApart: Rule = (source) =>
  importsOf(source)
    .filter(
      ({ from, typeOnly }) => home(source) === 'packages/core' && from.endsWith('inputs.ts') && !typeOnly,
    )
    .filter(() => !isTest(source) && !source.path.endsWith('inputs.ts') && !isTestingFace(source))
    .map(() => 'brings the input grammars, and zod, into the core');

const root = 'apps/server/src/';
const composers = /^(?:main|app|cli|router)\.ts$/;

/** A feature may use the root's files and other features' views; nobody but the composers may use `rest/`. */
const featureFolders: Rule = (source) => {
  if (!source.path.startsWith(root) || isTest(source)) return [];
  const own = source.path.slice(root.length);
  const folder = own.includes('/') ? own.split('/')[0] : '';
  const targets = importsOf(source)
    .filter(({ from }) => from.startsWith('.'))
    .map(({ from }) => posix.join(posix.dirname(own), from));
  return targets
    .filter((target) => {
      const there = target.includes('/') ? target.split('/')[0] : '';
      if (there === folder) return false;
      if (there === 'rest') return !composers.test(own);
      if (folder === 'rest') return /^(?:main|app|cli)\.ts$/.test(target);
      if (folder === '' || folder === 'demo') return false; // the demo shop lives by everybody's commands
      return there === '' ? composers.test(target) : !target.endsWith('/views.ts');
    })
    .map((target) => `may not import ${target}`);
};

/** Reports each match of `pattern`, with its line, in the form of the source that matters. */
const forbid =
  (form: 'text' | 'uncommented' | 'code', pattern: RegExp, say: string) =>
  (source: Source): string[] =>
    [...source[form].matchAll(pattern)].map(
      ({ index, 0: found }) =>
        `line ${source.text.slice(0, index).split('\n').length}: ${say}: ${found.trim()}`,
    );
const when =
  (applies: (source: Source) => boolean, rule: Rule): Rule =>
  (source) =>
    applies(source) ? rule(source) : [];
const inside = (prefix: string) => (source: Source) => source.path.startsWith(prefix) && !isTest(source);
const production = (source: Source): boolean =>
  home(source) !== '' && !isTest(source) && !isTestingFace(source);
const unless = (allowed: RegExp) => (source: Source) => production(source) && !allowed.test(source.path);

const asks = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bprocess\.|\bglobalThis\b/;
const waits = /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bfetch\(|\bconsole\./;
const impure = new RegExp(`${asks.source}|${waits.source}`, 'g');
const chance = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\brandomUUID\(\)/g;
const transaction =
  /\bem\.(?:flush|begin|commit|rollback|persistAndFlush)\(|\.transactional\(|\.persistAndFlush\(/g;
const queryHook = /\buse(?:Suspense|Infinite)?(?:Query|Queries|Mutation)\b|\btrpc\./g;
const byHand = /\bres(?:ponse)?\s*\.(?:status|sendStatus|writeHead|json|send)\(/g;

const places: readonly Rule[] = [
  when(inside('packages/core/src/'), forbid('code', impure, 'the core asks nobody and waits for nothing')),
  when(unless(mayAskTheClock), forbid('code', chance, 'time, chance and ids are arguments')),
  when(unless(mayReadEnvironment), forbid('code', /\bprocess\.env\b/g, 'settings are read in config.ts')),
  when(unless(mayTransact), forbid('code', transaction, 'transactions belong to transact.ts')),
  when(unless(maySpeakHttp), forbid('code', byHand, 'HTTP is spoken by the bridge and the edge')),
  when(inside('apps/admin/src/ui/'), forbid('code', queryHook, 'ui shows, pages fetch')),
  when(
    (source) => production(source) && !inside('packages/core/')(source),
    forbid('uncommented', /\border\.status\s*[!=]==?\s*'/g, 'transitions are asked of the core'),
  ),
  when(
    (source) => /^apps\/server\/src\/[^/]+\/router\.ts$/.test(source.path),
    forbid('code', /\btry\b\s*\{/g, 'a router is a table of contents'),
  ),
];

const tenantFilter: Rule = (source) => {
  if (!inside('packages/db/src/')(source)) return [];
  const entities = source.uncommented.split(/(?=\bdefineEntity\()/).slice(1);
  return entities
    .map((entity) => entity.slice(0, entity.search(/\n\}\);?\n|$/)))
    .filter((entity) => /\btenantId\b/.test(entity) && !/\bfilters\b/.test(entity))
    .map((entity) => `${/name:\s*'(\w+)'/.exec(entity)?.[1] ?? 'a row'} has a tenant and not its filter`);
};

const names: Rule = ({ path }) => {
  const drawer = /^(?:utils?|helpers?|common|types|constants|misc|shared)\.[cm]?[jt]sx?$/.test(
    posix.basename(path),
  );
  const layer = /\.(?:service|controller|dto|entity|util|helper)\.[jt]sx?$/.test(path);
  return drawer || layer || /__tests__/.test(path) ? ['is named after a drawer, not after its concept'] : [];
};

const isTypeScript = ({ path }: Source): boolean => /\.tsx?$/.test(path);
const isConfig = ({ path }: Source): boolean => /\.config\.(?:ts|mjs)$/.test(path);
const notImports = (code: string): string =>
  code.replace(/^(?:import|export)\b(?:[^;=(]*?\bfrom\b[^;\n]*|\s*(?:type\s*)?\{[^}]*\});?/gm, (found) =>
    spaces(found),
  );
const primitive = 'string|number|boolean|bigint|unknown|never|any|object|typeof|keyof';
const cast = new RegExp(`\\bas (?!const\\b)(?:[A-Z{([]|${primitive})\\w*`, 'g');
const jsxText = />[^<>{}();=]*<\//g;
const anyType = /(?:[:<|&,=]|\bas)\s*any\b(?=\s*[\]>),;|&=[{}\n])/g;

const habits: readonly Rule[] = [
  forbid('text', /\b(?:TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b/g, 'an unfinished thought'),
  forbid('text', /@ts-(?:ignor[e]|nochec[k])/g, 'the compiler is silenced'),
  when(isTypeScript, forbid('code', anyType, 'a value without a type')),
  when(
    (source) => isTypeScript(source) && !isTest(source) && !mayCast.includes(source.path),
    (source) => forbid('code', cast, 'a cast')({ ...source, code: notImports(source.code) }),
  ),
  when((source) => !isConfig(source), forbid('code', /^export default\b/gm, 'a default export')),
  forbid('code', /^export \*/gm, 'a barrel'),
  forbid('code', /\bvi\s*\.(?:mock|useFakeTimers)\b/g, 'our own code is not mocked, and time is an argument'),
];

const size: Rule = ({ path, text, code }) => {
  const lines = text.trimEnd().split('\n');
  const wide = lines.flatMap((line, at) =>
    line.length > 110 && !/https?:\/\/\S{60}/.test(line) ? [`line ${at + 1} is wider than 110`] : [],
  );
  const most = path.endsWith('.tsx') ? 70 : 40;
  const measured = /\.test\.tsx?$|\/migrations\//.test(path) ? [] : functionsOf(code);
  return [
    ...(lines.length > 300 ? [`has ${lines.length} lines, more than 300`] : []),
    ...wide,
    ...measured
      .filter((each) => each.lines > most)
      .map((each) => `line ${each.line}: ${each.name} has ${each.lines} lines, more than ${most}`),
    ...measured
      .filter((each) => each.parameters > 3)
      .map((each) => `line ${each.line}: ${each.name} has ${each.parameters} parameters, more than 3`),
  ];
};

/** Each export of the core says what it is; a type read off a value shares the value's sentence. */
const explained: Rule = (source) => {
  if (!inside('packages/core/src/')(source)) return [];
  const lines = source.text.split('\n');
  return lines.flatMap((line, at) => {
    const name = /^export (?:const|function|type|class) (\w+)/.exec(line)?.[1];
    const derived = /^export type \w+ = .*\btypeof \w+/.test(line);
    const said = /\*\/\s*$/.test(lines[at - 1] ?? '');
    return name && !derived && !said ? [`line ${at + 1}: ${name} is not explained`] : [];
  });
};

const rules: readonly Rule[] = [
  packageImports,
  staysAtHome,
  onlyTypesOfServer,
  dbDecidesNothing,
  inputsStayApart,
  featureFolders,
  ...places,
  tenantFilter,
  names,
  ...habits,
  size,
  explained,
];

/** Everything in a file that the house does not allow, one sentence each. */
export function offences(path: string, text: string): string[] {
  const read = readSource(path, text);
  const source = path.endsWith('.tsx') ? { ...read, code: read.code.replace(jsxText, spaces) } : read;
  return rules.flatMap((rule) => rule(source)).map((what) => `${path}: ${what}`);
}
