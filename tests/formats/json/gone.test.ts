import { describe, expect, test } from 'vitest';
import type { DriftTold, HyggeEvent } from '../../../src/ports/events.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const flow = (more = '', home = '{ path: in, format: ndjson }') =>
  new TestWorkspace({ 'flows/f/flow.yml': `home: ${home}\nstore: lake\n${more}` });

async function go(workspace: TestWorkspace, ...more: readonly string[]): Promise<{ code: number | null; drift: readonly DriftTold[] }> {
  const { code, events } = await workspace.run(['go', '--output', 'json', ...more]);
  return { code, drift: (events as unknown as HyggeEvent[]).flatMap((event) => (event.event === 'plan' ? (event.drift ?? []) : [])) };
}

const kinds = ({ drift }: { readonly drift: readonly DriftTold[] }) =>
  drift.map(({ kind, column, severity }) => `${severity}: ${kind} ${column}`);
const rows = (workspace: TestWorkspace) => workspace.settled('lake', 'f', 'f');

describe('a key that no record has any more', () => {
  test('is a column that is gone: told with each run, until one has it again', async () => {
    using workspace = flow();
    workspace.write({ 'in/1.ndjson': '{"id":1,"note":"x"}\n' });
    await go(workspace);
    workspace.write({ 'in/1.ndjson': '{"id":2}\n' });
    expect(kinds(await go(workspace, '--dry-run'))).toEqual(['warn: removed note']);
    expect(kinds(await go(workspace))).toEqual(['warn: removed note']);
    expect(kinds(await go(workspace))).toEqual(['warn: removed note']);
    expect(await rows(workspace)).toEqual([{ id: '2', note: null }]);
    workspace.write({ 'in/1.ndjson': '{"id":3,"note":"again"}\n' });
    expect(kinds(await go(workspace))).toEqual([]);
    expect(await rows(workspace)).toEqual([{ id: '3', note: 'again' }]);
  });

  test('may be in any of many files, or in a record far behind', async () => {
    using workspace = flow();
    const file = (n: number, more = '') => ({ [`in/${String(n).padStart(2, '0')}.ndjson`]: `{"id":${n}${more}}\n` });
    for (let n = 0; n < 30; n++) workspace.write(file(n, ',"note":"x"'));
    await go(workspace);
    for (let n = 0; n < 30; n++) workspace.write(file(n, n === 17 ? ',"note":null' : ''));
    expect(kinds(await go(workspace))).toEqual([]);
    workspace.write(file(17));
    expect(kinds(await go(workspace))).toEqual(['warn: removed note']);
  });

  test('is not gone where it is null, where its object is null, where there are no records, or where types says it', async () => {
    using workspace = flow('', '{ path: in, format: ndjson, flatten: 1, types: { said: int64 } }');
    workspace.write({ 'in/1.ndjson': '{"id":1,"note":"x","inner":{"a":1},"said":1}\n' });
    await go(workspace);
    workspace.write({ 'in/1.ndjson': '{"id":2,"note":null,"inner":null}\n' });
    expect(kinds(await go(workspace))).toEqual([]);
    workspace.write({ 'in/1.ndjson': '' });
    expect(kinds(await go(workspace))).toEqual([]);
  });

  test('of an object that is still there is gone like any other', async () => {
    using workspace = flow('', '{ path: in, format: ndjson, flatten: 1 }');
    workspace.write({ 'in/1.ndjson': '{"id":1,"inner":{"a":1,"b":2}}\n' });
    await go(workspace);
    workspace.write({ 'in/1.ndjson': '{"id":2,"inner":{"a":1}}\n' });
    expect(kinds(await go(workspace))).toEqual(['warn: removed inner_b']);
  });

  test('stops an incremental run when it is the watermark', async () => {
    using workspace = flow('run_type: incremental\nwatermark: { column: at }\n');
    workspace.write({ 'in/1.ndjson': '{"id":1,"at":1}\n' });
    await go(workspace);
    workspace.write({ 'in/1.ndjson': '{"id":2}\n' });
    const { code, events } = await workspace.run(['go', '--output', 'json']);
    expect(code).toBe(1);
    expect(events.find(({ event }) => event === 'error')).toMatchObject({ code: 'HYG-2011' });
  });

  test('in a document is reported too', async () => {
    using workspace = flow('', 'in.json');
    workspace.write({ 'in.json': '[{"id":1,"note":"x"}]' });
    await go(workspace);
    workspace.write({ 'in.json': '[{"id":2}]' });
    expect(kinds(await go(workspace))).toEqual(['warn: removed note']);
  });
});
