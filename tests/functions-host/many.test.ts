import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';

const azurite = sharedAzurite();

test('60 entities with long names that all fail with long words keep within every cap', async () => {
  const names = Array.from({ length: 60 }, (_, n) => `${'a long name '.repeat(8)}${n}`);
  const list = names.map((name) => `  - { name: ${name}, home: { path: "nowhere/${'and no further/'.repeat(12)}${name}" } }`).join('\n');
  const flow = `home: { type: parquet, path: "." }\nstore: { type: parquet, path: lake }\nentities:\n${list}\n`;
  await using app = await startHyggeApp({
    azurite: await azurite(),
    files: { 'flows/long/flow.yml': flow },
    options: '{ continue_on_error: true }',
  });
  expect(await app.run('long')).toMatchObject({ status: 'error' });
  expect((await app.ended('long')).output).toMatchObject({ error: 60 });
});
