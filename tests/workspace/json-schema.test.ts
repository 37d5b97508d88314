import { describe, expect, test } from 'vitest';
import { jsonSchemas } from '../../src/workspace/schema/json-schema.ts';
import { connectors } from './shop.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly { readonly if: Schema; readonly then: Schema }[];
  readonly const?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schemas = (await jsonSchemas(connectors)) as unknown as Readonly<Record<'hygge' | 'flow' | 'entity' | 'contract', Schema>>;

describe('the JSON Schema for the editor', () => {
  test('knows the keys of each file, requires none of them, and allows no others', () => {
    expect(Object.keys(schemas.flow.properties ?? {})).toEqual(
      expect.arrayContaining(['home', 'store', 'schedule', 'watermark', 'entities', 'batch_size']),
    );
    expect(Object.keys(schemas.entity.properties ?? {})).toEqual(expect.arrayContaining(['name', 'source', 'home', 'watermark']));
    expect(Object.keys(schemas.hygge.properties ?? {})).toEqual(expect.arrayContaining(['name', 'options', 'state', 'flows', 'defaults']));
    const { manifest: _, contract: __, ...files } = schemas as Readonly<Record<string, Schema>>;
    for (const schema of Object.values(files)) {
      expect(schema.additionalProperties).toBe(false);
      expect(schema.required ?? []).toEqual([]);
    }
  });

  test('lists the values there are', () => {
    expect(schemas.flow.properties?.run_type?.enum).toEqual(['full_drop', 'incremental']);
  });

  test('knows the keys of all connectors, and what they are for, where no type is written', () => {
    const [, map] = schemas.flow.$defs?.home?.anyOf ?? [];
    const untyped = map?.allOf?.find((branch) => branch.if.properties === undefined)?.then;
    expect(Object.keys(untyped?.properties ?? {})).toEqual(expect.arrayContaining(['type', 'path', 'columns', 'password']));
    expect(untyped?.properties?.path?.description).toBeTruthy();
    expect(untyped?.additionalProperties).toBe(false);
  });

  test('takes a path, or the keys of the connector that `type` names', () => {
    const store = schemas.flow.$defs?.store;
    expect(schemas.flow.properties?.store?.$ref).toBe('#/$defs/store');
    const [path, map] = store?.anyOf ?? [];
    expect(path?.type).toBe('string');
    expect(map?.properties?.type?.enum).toEqual(['local', 'parquet', 'warehouse', 'lake']);
    const local = map?.allOf?.find((branch) => branch.if.properties?.type?.const === 'local')?.then;
    expect(Object.keys(local?.properties ?? {})).toEqual(expect.arrayContaining(['type', 'path', 'compression', 'layout']));
    expect(local?.properties).not.toHaveProperty('base');
    expect(local?.additionalProperties).toBe(false);
  });

  test.each(['flow', 'entity'] as const)('offers in a %s what may become of changed columns, with what is so by default', (file) => {
    const { schema, schema_evolution: policies, migrations } = schemas[file].properties ?? {};
    const [drift] = schema?.anyOf ?? [];
    expect(drift?.properties?.mode).toMatchObject({ enum: ['strict', 'warn', 'adapt'], default: 'warn' });
    expect(drift?.properties?.samples).toMatchObject({ enum: ['show', 'mask'], default: 'show' });
    expect(drift?.additionalProperties).toBe(false);
    expect(policies?.anyOf?.[0]?.properties?.type_changes?.enum).toEqual(['fail', 'warn', 'widen', 'cast', 'new_column']);
    const change = migrations?.anyOf?.[0]?.items;
    expect(Object.keys(change?.properties ?? {})).toEqual(['rename', 'cast', 'default']);
    expect(change?.additionalProperties).toBe(false);
  });

  test('describes every key about changed columns', () => {
    const keys = ['schema', 'schema_evolution', 'migrations'].map((key) => schemas.hygge.properties?.defaults?.properties?.[key]);
    const described = (schema: Schema | undefined): readonly (string | undefined)[] =>
      [...(schema?.anyOf ?? []), ...(schema?.items ? [schema.items] : [])].flatMap((one) => [
        ...Object.values(one.properties ?? {}).map(({ description }) => description),
        ...described(one),
      ]);
    const all = keys.flatMap((key) => [key?.description, ...described(key)]);
    expect(all).toHaveLength(3 + 3 + 4 + 3);
    expect(all.filter((description) => description === undefined)).toEqual([]);
  });

  test('offers as a home only what is one', () => {
    expect(schemas.entity.$defs?.home?.anyOf?.[1]?.properties?.type?.enum).toEqual(['local', 'parquet', 'warehouse']);
  });

  test('lets names and watermarks be written as numbers, since they are taken as they are written', () => {
    const text = ['string', 'number', 'boolean'];
    expect(schemas.entity.properties?.name?.type).toEqual(text);
    expect(schemas.flow.properties?.entities?.anyOf?.[0]?.items?.anyOf?.[0]?.type).toEqual(text);
    expect(schemas.flow.properties?.watermark?.anyOf?.[0]?.properties?.initial?.anyOf?.[0]?.type).toEqual(text);
    expect(schemas.flow.properties?.compression?.type).toBe('string');
  });

  test('tells editors nothing that is only for hygge', () => {
    expect(JSON.stringify(schemas)).not.toMatch(/asWritten|remotePath|"secret":true/);
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schemas))).toEqual(schemas);
  });

  test('knows a contract in each of its forms, and what a column of it may say', () => {
    const [whole, list, types] = schemas.contract?.anyOf ?? [];
    expect(Object.keys(whole?.properties ?? {})).toEqual(['columns', 'complete', 'unique', 'rules', 'description']);
    expect(Object.keys(list?.items?.properties ?? {})).toEqual(expect.arrayContaining(['name', 'type', 'nullable', 'in_file', 'at_most']));
    expect(list?.items?.additionalProperties).toBe(false);
    expect(types?.type).toBe('object');
  });
});
