import { type Client, escapeLiteral } from 'pg';

/** An order as the statements that make copies of it, one for each of its rows. */
export type Story = {
  readonly at: number;
  readonly times: number;
  readonly begun: string;
  readonly rows: readonly string[];
  readonly events: readonly string[];
};
type Original = {
  readonly tenantId: string;
  readonly orderId: string;
  /** Which of the stories it is, and how often its turn comes. */
  readonly at: number;
  readonly times: number;
};

const ofOrder = 'order_id = $2';
/** What belongs to an order, and where it is found. */
const tables: Readonly<Record<string, string>> = {
  orders: 'id = $2',
  order_items: ofOrder,
  order_charges: ofOrder,
  fulfillments: ofOrder,
  fulfillment_lines: `fulfillment_id in (select id from fulfillments where tenant_id = $1 and order_id = $2)`,
  returns: ofOrder,
  return_lines: `return_id in (select id from returns where tenant_id = $1 and order_id = $2)`,
  payments: ofOrder,
  refunds: ofOrder,
  refund_parts: `refund_id in (select id from refunds where tenant_id = $1 and order_id = $2)`,
  journal_entries: ofOrder,
  postings: `entry_id in (select id from journal_entries where tenant_id = $1 and order_id = $2)`,
  stock_movements: ofOrder,
};

/** What stands in the place of a word of the original: SQL over the row `n` of the copy. */
type Words = ReadonlyMap<string, string>;

/** Reads an order and makes of each of its rows the statement that writes the same row of every copy. */
export async function statementsOf(client: Client, original: Original): Promise<Story> {
  const { tenantId, orderId, at, times } = original;
  const { rows: begun } = await client.query<{ at: string }>(
    'select created_at::text as at from orders where tenant_id = $1 and id = $2',
    [tenantId, orderId],
  );
  const words = await wordsOf(client, original);
  const rows: string[] = [];
  for (const [table, where] of Object.entries(tables))
    rows.push(...(await copiesOf(client, { original, table, where, into: table, words })));
  const told = { original, table: 'events', where: ofOrder, into: 'pg_temp.told', words };
  return { at, times, begun: begun[0]?.at ?? '', rows, events: await copiesOf(client, told) };
}

/** What a copy has of its own: its customer and its products. All else that has an id is new. */
async function wordsOf(client: Client, { tenantId, orderId }: Original): Promise<Words> {
  const lines = await client.query<Record<'variant' | 'product' | 'sku' | 'name', string>>(
    `select variant_id as variant, product_id as product, sku, name from order_items
     where tenant_id = $1 and order_id = $2 order by position`,
    [tenantId, orderId],
  );
  const common = await client.query<{ id: string; customer: boolean }>(
    `select id, false as customer from principals where tenant_id = $1
     union all select id, false from stores where tenant_id = $1
     union all select id, false from stock_locations where tenant_id = $1
     union all select id, false from api_tokens where tenant_id = $1
     union all select customer_id, true from orders
     where tenant_id = $1 and id = $2 and customer_id is not null`,
    [tenantId, orderId],
  );
  return new Map([
    ...common.rows.map(({ id, customer }) => [id, customer ? 'n.customer' : escapeLiteral(id)] as const),
    ...lines.rows.flatMap((line, index) =>
      (['variant', 'product', 'sku', 'name'] as const).map(
        (what) => [line[what], `n.${what}${index + 1}`] as const,
      ),
    ),
  ]);
}

type Copying = {
  readonly original: Original;
  readonly table: string;
  readonly where: string;
  readonly into: string;
  readonly words: Words;
};

async function copiesOf(client: Client, copying: Copying): Promise<string[]> {
  const { original, table, where, into, words } = copying;
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER'
     order by ordinal_position`,
    [table],
  );
  const texts = columns.map(({ name }) => `${name}::text`).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${texts} from ${table} where tenant_id = $1 and ${where}`,
    values: [original.tenantId, original.orderId],
    rowMode: 'array',
  });
  const names = columns.map(({ name }) => name).join(', ');
  return rows.map((row) => {
    const values = row.map((text, index) => valueOf(text, columns[index]?.type ?? 'text', words));
    const copies = `select ${values.join(', ')} from pg_temp.n where story = ${original.at}`;
    return `insert into ${into} (${names}) ${copies}`;
  });
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const number = 'ORD-\\d{8}-\\d{4,}';
const moment = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const parts = new RegExp(`(${uuid}|${number}|${moment}|(?<=")(?:P-|Product )\\d+(?="))`);

function valueOf(text: string | null, type: string, words: Words): string {
  if (text === null) return `null::${type}`;
  if (type.startsWith('timestamp')) return `${escapeLiteral(text)}::${type} + n.later`;
  const whole = words.get(text);
  if (whole !== undefined) return `${whole}::${type}`;
  // Every second piece is what stood between two parts.
  const pieces = text.split(parts).map((piece, at) => (at % 2 ? partOf(piece, words) : escapeLiteral(piece)));
  return pieces.length === 1 ? `${pieces[0]}::${type}` : `concat(${pieces.join(', ')})::${type}`;
}

function partOf(piece: string, words: Words): string {
  const known = words.get(piece);
  if (known !== undefined) return known;
  if (piece.startsWith('ORD-')) return 'n.number';
  // The moment of the copy first, as in every id, and its serial number last.
  if (/^[0-9a-f]{8}-/.test(piece)) return `n.head || ${escapeLiteral(piece.slice(15, 28))} || n.tail`;
  if (/T.*Z$/.test(piece))
    return `to_char((${escapeLiteral(piece)}::timestamptz + n.later) at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return escapeLiteral(piece);
}
