import { connectors } from '../../src/registry.ts';
import { jsonSchemas } from '../../src/workspace/schema/json-schema.ts';
import { type Key, keysIn, type Schema } from './config-keys.ts';
import type { Section } from './config-rows.ts';
import { sideSections } from './config-sides.ts';
import { code, made, page, table } from './markdown.ts';

/** docs/config.md */
export async function configPage(): Promise<string> {
  const sections = await configSections();
  return page([
    made,
    '# Configuration reference',
    'Every key there is. [workspace.md](workspace.md) shows how they come together, [incremental.md](incremental.md) what they do to a run. An editor that reads the schema `hygge init` writes knows the same keys, values and defaults.',
    'A key without a default may be left out, unless it says *required*. A required key of a connection may be in the home or the store instead.',
    ...sections.flatMap(({ title, intro, keys }) => [`## ${title}`, intro, keys.length === 0 ? '' : tableOf(keys)]),
  ]);
}

function tableOf(keys: readonly Key[]): string {
  const areShared = keys.some(({ usedBy }) => usedBy !== undefined);
  return table(
    ['key', ...(areShared ? ['used by'] : []), 'value', 'default', 'what it does'],
    keys.map(({ name, usedBy = '', values, byDefault, meaning }) => [
      code(name),
      ...(areShared ? [usedBy] : []),
      values,
      byDefault,
      meaning,
    ]),
  );
}

export async function configSections(): Promise<readonly Section[]> {
  const files = await jsonSchemas(connectors);
  const [hygge, flow, entity] = [files.hygge, files.flow, files.entity].map((file) => resolved(withoutOffers(file))) as [
    Schema,
    Schema,
    Schema,
  ];
  const both = new Set(Object.keys(flow.properties ?? {}).filter((key) => entity.properties?.[key] !== undefined));
  const common: Schema = { properties: Object.fromEntries([...both].map((key) => [key, flow.properties?.[key] ?? {}])) };
  return [
    { title: 'hygge.yml', intro: 'The settings of the workspace.', keys: keysIn(hygge) },
    {
      title: 'A flow',
      intro: '`flows/<flow>/flow.yml`, or an entry of `flows` in hygge.yml. In addition to these keys it takes those of the next section.',
      keys: keysIn(flow, both),
    },
    {
      title: 'What a flow, an entity and `defaults` say',
      intro: 'The entity wins over its flow, the flow over `defaults`; maps are merged key by key.',
      keys: keysIn(common),
    },
    {
      title: 'An entity',
      intro:
        '`flows/<flow>/entities/<entity>.yml`, or an item of `entities`: a name, or a map that also takes the keys of the section above.',
      keys: keysIn(entity, both),
    },
    ...(await sideSections()),
  ];
}

/** Without the names of one workspace, which only its editor knows. */
function withoutOffers<S>(schema: S): S {
  return JSON.parse(
    JSON.stringify(schema, (_key, value) => (value?.anyOf?.[1]?.$ref?.startsWith('names.json#') ? { ...value, anyOf: undefined } : value)),
  ) as S;
}

/** The top keys that refer to a definition get its description. */
function resolved(file: Schema & { readonly $defs?: Readonly<Record<string, Schema>> }): Schema {
  const described = Object.entries(file.properties ?? {}).map(([key, held]) => {
    const description = file.$defs?.[held.$ref?.split('/').at(-1) ?? '']?.description;
    return [key, description === undefined ? held : { ...held, description }] as const;
  });
  return { ...file, properties: Object.fromEntries(described) };
}
