import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/frames/describe-type.ts';
import type { DataType } from '../../../src/frames/schema.ts';
import { type How, readText } from './over-text.ts';

const data = join(import.meta.dirname, '../../../node_modules/vega-datasets/data');
const contentOf = (name: string) => readFileSync(join(data, name), 'utf8');

type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

/** A value of JSON.parse as our reading of its type shows it. */
function shown(type: DataType, value: Value | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === 'int64') return String(value);
  if (type.kind === 'json') return JSON.stringify(value);
  if (type.kind === 'string' && typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type.kind === 'list') return (value as Value[]).map((item) => shown(type.item, item));
  if (type.kind !== 'struct') return value;
  const members = value as { [name: string]: Value };
  return Object.fromEntries(type.fields.map((field) => [field.name, shown(field.type, members[field.name])]));
}

async function agrees(text: string, records: (document: never) => readonly { [name: string]: Value }[], how: How = {}): Promise<string[]> {
  const { schema, rows } = await readText(text, { format: 'json', ...how });
  const parsed = records(JSON.parse(text) as never);
  expect(new Set(schema.columns.map((column) => column.name))).toEqual(new Set(parsed.flatMap((record) => Object.keys(record))));
  expect(rows).toEqual(parsed.map((record) => schema.columns.map((column) => shown(column.type, record[column.name]))));
  return schema.columns.map((column) => `${column.name} ${describeType(column.type)}`);
}

const whole = (document: never) => document as readonly { [name: string]: Value }[];

describe('files of other writers arrive value by value as JSON.parse has them', () => {
  test('movies.json, with its titles that are numbers', async () => {
    await expect(readText(contentOf('movies.json'), { format: 'json' })).rejects.toMatchObject({
      code: 'HYG-3402',
      what: expect.stringContaining('Column Title'),
    });
    const columns = await agrees(contentOf('movies.json'), whole, { options: { types: { Title: 'string' } } });
    expect(columns.slice(0, 3)).toEqual(['Title string', 'US Gross int64', 'Worldwide Gross int64']);
  });

  test('the first records of flights-200k.json', async () => {
    const text = contentOf('flights-200k.json');
    const columns = await agrees(`${text.slice(0, text.indexOf('}', 600_000) + 1)}]`, whole);
    expect(columns).toEqual(['delay int64', 'distance int64', 'time float64']);
  });

  test('earthquakes.json, from inside the document, as structs', async () => {
    const features = (document: never) => (document as { features: readonly { [name: string]: Value }[] }).features;
    const columns = await agrees(contentOf('earthquakes.json'), features, { options: { records: 'features' } });
    expect(columns.at(-2)).toMatch(/^geometry struct<type: string, coordinates: list<float64>>$/);
  });

  test.each(['cars.json', 'barley.json', 'burtin.json', 'countries.json', 'penguins.json', 'jobs.json', 'football.json', 'gapminder.json'])(
    '%s',
    async (name) => {
      await agrees(contentOf(name), whole, { options: { mixed: 'json' } });
    },
  );

  test('the same at any size of frames', async () => {
    const text = contentOf('cars.json');
    const { rows } = await readText(text, { format: 'json' });
    for (const frameBytes of [1, 333, 10_000]) expect((await readText(text, { format: 'json', frameBytes })).rows).toEqual(rows);
  });
});
