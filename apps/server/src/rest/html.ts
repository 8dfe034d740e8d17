const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text that can stand anywhere in HTML. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);

/** A page of the documentation. Nothing in it is inline, so the strictest policy lets it through. */
export const page = (title: string, body: readonly string[], scripts: readonly string[] = []): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)} · Orderloom</title>`,
    '<link rel="icon" href="/docs/assets/favicon-32x32.png">',
    ...(scripts.length > 0 ? ['<link rel="stylesheet" href="/docs/assets/swagger-ui.css">'] : []),
    '<link rel="stylesheet" href="/docs/assets/docs.css">',
    ...scripts.map((src) => `<script src="${src}" defer></script>`),
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escaped(title)}</h1>`,
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
