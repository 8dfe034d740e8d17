import { z } from 'zod';
import { writeCursor } from '../apps/server/src/cursor.ts';
import { secretKey } from './server.ts';
import { shop, token } from './shop.ts';
import type { Stage } from './stage.ts';

const Page = z.object({ next: z.string().nullable(), results: z.array(z.object({ id: z.string() })) });
const Body = z.tuple([z.string(), z.string()]);
const Keys = z.array(z.string());

/**
 * The path of the page that begins right before the last rows. Nobody wants to turn fifty thousand pages to
 * come there, so the server's own signature is put under the place of an old row; when the server refuses
 * it, or the list has one page, there is none.
 */
export async function deepestPage(stage: Stage, query: string): Promise<string | null> {
  const opened = await get(stage, `/api/v1/orders/?${query}&cursor=`);
  const next = opened?.next === null || !opened ? null : new URL(opened.next);
  const cursor = next?.searchParams.get('cursor');
  if (!next || !cursor) return null;
  const [body = ''] = cursor.split('.');
  const [at, kind] = Body.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  const keys = Keys.parse(JSON.parse(at));
  const place = JSON.stringify(await placeOf(stage, query, keys));
  const signing = { caller: shop, parts: { config: { secretKey } } };
  const asked = new URLSearchParams(query);
  const ordering = asked.getAll('ordering');
  const names = [...new Set(asked.keys())].filter((name) => name !== 'ordering' && name !== 'search');
  const filters = {
    ...Object.fromEntries(names.map((name) => [`filter ${name}`, asked.getAll(name)])),
    ordering,
    search: asked.get('search') ?? undefined,
  };
  const deep = writeCursor(signing, { list: 'orders', filters }, { at: place, id: kind });
  next.searchParams.set('cursor', deep);
  const path = next.pathname + next.search;
  return (await get(stage, path))?.results.length ? path : null;
}

async function get({ url }: Stage, path: string) {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  return answer.ok ? Page.parse(JSON.parse(text)) : null;
}

/** The keys of a row near the end: of what the first page told, each as far as it goes. */
async function placeOf({ db }: Stage, query: string, keys: readonly string[]): Promise<string[]> {
  const asked = new URLSearchParams(query);
  const ordering = asked.getAll('ordering');
  const up = ordering[0] !== undefined && !ordering[0].startsWith('-');
  const money = ordering[0]?.includes('total') ?? false;
  const column = money ? 'total_minor' : 'created_at';
  const { rows } = await db.pool.query<{ total: string; at: string; id: string }>(
    `select total_minor::text as total, created_at::text as at, id from orders
     where tenant_id = $1 and deleted_at is null and created_at >= $2 and created_at < $3
     order by ${column} ${up ? 'desc' : 'asc'}, created_at, id offset 40 limit 1`,
    [shop.tenantId, asked.get('created_after') ?? '-infinity', asked.get('created_before') ?? 'infinity'],
  );
  const [row] = rows;
  if (!row) return [...keys];
  if (!money) return [row.at, row.id];
  return keys.length === 3 ? [row.total, row.at, row.id] : [row.total, row.id];
}
