import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../../support/workspace.ts';

const flow = (text: string) => ({ 'flows/f/flow.yml': text });
const go = (workspace: TestWorkspace, ...more: readonly string[]) => workspace.run(['go', '--output', 'json', ...more]);

describe('hygge go', () => {
  test('keeps to the types of the first run, until reset', async () => {
    using workspace = new TestWorkspace(flow('home: in.ndjson\nstore: lake\n'));
    workspace.write({ 'in.ndjson': '{"n":1}\n' });
    expect((await go(workspace)).code).toBe(0);
    workspace.write({ 'in.ndjson': '{"n":1.5}\n' });
    const refused = await go(workspace);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-3305');
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([{ n: '1' }]);
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect((await go(workspace)).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toEqual([{ n: 1.5 }]);
  });
});
