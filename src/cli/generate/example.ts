import { polars } from '../../frames/native.ts';
import { gitignore, type NewFile, schemaLine, textFile, workspaceFile } from './starter.ts';

/** The files of a workspace that can run immediately. The workspace has the orders of a small shop in Aarhus, which are loaded incrementally, and the customers, which are loaded whole. */
export async function exampleFiles(name: string): Promise<readonly NewFile[]> {
  return [
    workspaceFile(name),
    textFile(
      'flows/shop/flow.yml',
      `${schemaLine('flows/shop/flow.yml', 'flow')}

# The place of the data now. {entity} is the name of each entity.
home:
  type: parquet
  path: data/inbox/{entity}.parquet

# The place where it settles: data/lake/<entity>/
store:
  type: parquet
  path: data/lake
`,
    ),
    textFile(
      'flows/shop/entities/orders.yml',
      `${schemaLine('flows/shop/entities/orders.yml', 'entity')}
name: orders
run_type: incremental       # only what is new moves
watermark:
  column: placed_at         # and this column says what is new
`,
    ),
    textFile(
      'flows/shop/entities/customers.yml',
      `${schemaLine('flows/shop/entities/customers.yml', 'entity')}
name: customers
run_type: full_drop         # small: loaded whole each time, replacing the earlier rows
`,
    ),
    { path: 'data/inbox/orders.parquet', body: await orders() },
    { path: 'data/inbox/customers.parquet', body: await customers() },
    gitignore,
  ];
}

const products = ['beeswax candle', 'wool blanket', 'stoneware mug', 'cardamom buns', 'slippers', 'herbal tea', 'reading lamp'];
const towns = ['Aarhus', 'Odense', 'Aalborg', 'Ribe', 'Skagen', 'Ærø'];
const minuteMs = 60_000;

async function orders(): Promise<Uint8Array> {
  const random = sequence(7);
  const ids = Array.from({ length: 1000 }, (_, at) => at);
  const first = Date.UTC(2026, 0, 2, 8);
  return parquet([
    { name: 'order_id', type: 'Int64', data: ids.map((at) => at + 1) },
    { name: 'placed_at', type: 'Timestamp', data: ids.map((at) => new Date(first + at * 37 * minuteMs + random(30) * minuteMs)) },
    { name: 'customer_id', type: 'Int64', data: ids.map(() => random(50) + 1) },
    { name: 'product', type: 'String', data: ids.map(() => products[random(products.length)] ?? '') },
    { name: 'quantity', type: 'Int32', data: ids.map(() => random(4) + 1) },
    { name: 'price_dkk', type: 'Float64', data: ids.map(() => 25 + random(400) / 2) },
  ]);
}

async function customers(): Promise<Uint8Array> {
  const random = sequence(11);
  const ids = Array.from({ length: 50 }, (_, at) => at);
  return parquet([
    { name: 'customer_id', type: 'Int64', data: ids.map((at) => at + 1) },
    { name: 'name', type: 'String', data: ids.map((at) => `Customer ${at + 1}`) },
    { name: 'town', type: 'String', data: ids.map(() => towns[random(towns.length)] ?? '') },
    { name: 'newsletter', type: 'Bool', data: ids.map(() => random(2) === 1) },
  ]);
}

interface ExampleColumn {
  readonly name: string;
  readonly type: 'Int64' | 'Int32' | 'Timestamp' | 'String' | 'Float64' | 'Bool';
  readonly data: readonly unknown[];
}

async function parquet(columns: readonly ExampleColumn[]): Promise<Uint8Array> {
  const pl = await polars();
  const typeOf = (type: ExampleColumn['type']) => (type === 'Timestamp' ? pl.Datetime('ms') : pl[type]);
  const series = columns.map(({ name, type, data }) => pl.Series(name, [...data], typeOf(type)));
  return pl.DataFrame(series).writeParquet({ compression: 'snappy' });
}

/** Pseudo-random numbers that are equal on each machine, so that each first run looks the same. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}
