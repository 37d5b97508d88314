/** A table of orders that another program writes, and a flow that reads it. */
import { mkdirSync } from 'node:fs';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import type { PlainRow, TableOptions } from '../../support/delta/writer/options.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

export interface Scene extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly orders: DeltaTable;
}

export async function sceneOf(flow: string, more: Partial<TableOptions> = {}): Promise<Scene> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': `home: { path: orders, format: delta }\n${flow}` });
  mkdirSync(workspace.path('orders'));
  const columns = [
    { name: 'id', type: 'long' },
    { name: 'note', type: 'string' },
  ] as const;
  const orders = await DeltaTable.create(diskFolder(workspace.path('orders')), { seed: 1, columns, style: 'spark', ...more });
  return {
    workspace,
    orders,
    async [Symbol.asyncDispose]() {
      await orders[Symbol.asyncDispose]();
      workspace[Symbol.dispose]();
    },
  };
}

export const rows = (from: number, to: number): readonly PlainRow[] => between(from, to).map((id) => ({ id, note: `n${id}` }));
export const between = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

export const go = ({ workspace }: Scene, ...args: readonly string[]): Promise<Run> => workspace.run(['go', '--output', 'json', ...args]);
export const last = (run: Run): HyggeEvent | undefined => run.events.at(-1);
export const errorOf = (run: Run) => run.events.find((event): event is HyggeEvent & { event: 'error' } => event.event === 'error');
export const ids = async ({ workspace }: Scene): Promise<readonly number[]> =>
  (await workspace.settled('out', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
