/** A source text in the three forms that the rules read. All keep every line where it was. */
export type Source = {
  readonly path: string;
  readonly text: string;
  /** Without comments. */
  readonly uncommented: string;
  /** Without comments and without the contents of strings, templates and regular expressions. */
  readonly code: string;
};

export function readSource(path: string, text: string): Source {
  return { path, text, uncommented: blank(text, { strings: false }), code: blank(text, { strings: true }) };
}

/** As many spaces, on as many lines. */
export const spaces = (text: string): string => text.replace(/[^\n]/g, ' ');
const comment = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const quoted = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y;
const regexp = /\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const beforeRegexp = /(?:^|[=(,:[!&|?{};>]|\breturn|\bcase)\s*$/;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

/** Replaces comments, and if asked the contents of literals, with spaces. */
function blank(text: string, { strings }: { strings: boolean }): string {
  const hide = (literal: string) =>
    strings ? literal.slice(0, 1) + spaces(literal.slice(1, -1)) + literal.slice(-1) : literal;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const remark = char === '/' ? match(comment, text, at) : undefined;
    const isRegexp = char === '/' && remark === undefined && beforeRegexp.test(out.slice(-80));
    const literal = isRegexp
      ? match(regexp, text, at)
      : /['"]/.test(char)
        ? match(quoted, text, at)
        : undefined;
    const taken = remark ?? literal ?? (char === '`' ? template(text, at) : char);
    if (remark !== undefined) out += spaces(remark);
    else out += literal !== undefined || char === '`' ? hide(taken) : taken;
    at += taken.length;
  }
  return out;
}

/** A whole template literal; what is inside `${}` counts as its content. */
function template(text: string, start: number): string {
  let depth = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (depth === 0 && char === '`') return text.slice(start, at + 1);
    else if (depth === 0 && text.startsWith('${', at)) at += depth = 1;
    else if (depth > 0 && char === '`') at += template(text, at).length - 1;
    else if (depth > 0 && char === '}') depth -= 1;
    else if (depth > 0 && char === '{') depth += 1;
  }
  return text.slice(start);
}

const closing: Record<string, string> = { '(': ')', '{': '}', '[': ']', '<': '>' };

/** The index of the bracket that closes the one at `at`; in code without literals. */
export function closeOf(code: string, at: number): number {
  const open = code.charAt(at);
  const close = closing[open] ?? '';
  let depth = 0;
  for (let index = at; index < code.length; index += 1) {
    const char = code.charAt(index);
    if (char === open) depth += 1;
    else if (char === close && !(close === '>' && code.charAt(index - 1) === '=')) depth -= 1;
    if (depth === 0) return index;
  }
  return code.length;
}

export type Func = {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
};

const declared = /\bfunction\b\s*\*?\s*(?<named>[\w$]*)/;
const assigned = /(?:const|let)\s+(?<bound>[\w$]+)(?::[^=\n]+)?\s*=\s*(?:async\s*)?(?=[<(])/;
const inClass = /^[ \t]+(?:async |static |override )*(?<method>[\w$]+)(?=\([^\n]*\{[ \t]*$)/;
const heads = new RegExp([declared, assigned, inClass].map(({ source }) => source).join('|'), 'gm');
const notMethods = /^(?:if|for|while|switch|catch|function|return|super)$/;

/** Declared functions, bound arrow functions and methods, by counting brackets. */
export function functionsOf(code: string): Func[] {
  return [...code.matchAll(heads)].flatMap((head) => {
    const { named, bound, method } = head.groups ?? {};
    const name = named || bound || method || '(nameless)';
    if (notMethods.test(name)) return [];
    let at = head.index + head[0].length;
    if (code.charAt(at) === '<') at = closeOf(code, at) + 1;
    if (code.charAt(at) !== '(') return [];
    const end = closeOf(code, at);
    const body = bodyAfter(code, end + 1);
    if (body === undefined) return [];
    const last = code.charAt(body) === '{' ? closeOf(code, body) : end;
    const line = code.slice(0, head.index + head[0].search(/\S/)).split('\n').length;
    const lines = code.slice(0, last).split('\n').length - line + 1;
    return [{ name, line, lines, parameters: countParameters(code.slice(at + 1, end)) }];
  });
}

/** Where the body begins after the parameters, past a return type; undefined when this is no function. */
function bodyAfter(code: string, start: number): number | undefined {
  let before = '';
  for (let at = start; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (/\s/.test(char)) continue;
    if (char === '=' && code.charAt(at + 1) === '>')
      return at + 2 + (/^\s*/.exec(code.slice(at + 2))?.[0].length ?? 0);
    if (char === '{' && !/[:|&<,(]/.test(before)) return at;
    if (/[{(<[]/.test(char)) at = closeOf(code, at);
    else if (/[;=)]/.test(char) || (before === '' && char !== ':')) return undefined;
    before = code.charAt(at);
  }
  return undefined;
}

function countParameters(list: string): number {
  let count = 0;
  let current = '';
  for (let at = 0; at < list.length; at += 1) {
    const char = list.charAt(at);
    if (/[{(<[]/.test(char)) at = closeOf(list, at);
    if (char === ',' && current.trim() !== '') count += 1;
    current = char === ',' ? '' : current + char;
  }
  return count + (current.trim() === '' ? 0 : 1);
}

export type Import = { readonly from: string; readonly names: string; readonly typeOnly: boolean };

export function importsOf({ uncommented }: Source): Import[] {
  const statements = /^\s*(?:import|export)\s+(?:(?<names>[^'";]*?)\s+from\s+)?['"](?<from>[^'"]+)['"]/gm;
  const found = [...uncommented.matchAll(statements)].map(({ groups: { names = '', from = '' } = {} }) => ({
    from,
    names,
    typeOnly: names.startsWith('type '),
  }));
  const dynamic = [...uncommented.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)];
  return [...found, ...dynamic.map(([, from = '']) => ({ from, names: '*', typeOnly: false }))];
}
