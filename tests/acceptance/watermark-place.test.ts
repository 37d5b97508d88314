import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

test('a watermark column that the source does not have is shown where it is written', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml':
      'home: "in/{entity}.csv"\nstore: out\nentities:\n  - name: a\n    run_type: incremental\n    watermark:\n      column: seen_att\n',
    'in/a.csv': 'id,seen_at\n1,2024-01-01\n',
  });
  const { code, stdout, stderr } = await workspace.run(['go']);
  expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/HYG-2011 [\s\S]*flows\/f\/flow\.yml:7:\d+[\s\S]*column: seen_att/)]);
});
