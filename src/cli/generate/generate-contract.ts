import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { sharedSidePorts } from '../../assembly/ports.ts';
import { inspectTarget } from '../../engine/contracts/steps.ts';
import { counted } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column } from '../../frames/schema.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import type { Json } from '../../ports/values.ts';
import { firstRows } from '../inspect/first-rows.ts';
import { surveyed } from '../inspect/look-now.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { justOne } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { writeGenerated } from './generated-text.ts';

export interface GenerateContractFlags extends CommonFlags {
  readonly entity: string;
  readonly to?: string | undefined;
}

/** So many settled rows are looked at. Of a larger entity only what its metadata says is proposed. */
const lookedAt = 10_000;

/** `hygge generate contract`: a contract that all settled rows keep. It writes no values but those of short lists that repeat. */
export async function generateContract(flags: GenerateContractFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true, opens: justOne(flags.entity) });
  const { workspace, spec } = chooseEntity(opened, flags.entity);
  await using ports = await sharedSidePorts(workspace, { clock, random: realRandom(), emit: () => {}, network: surroundings.network });
  const store = await ports.store(spec);
  const target = await inspectTarget(ports, store);
  const open = target.content === 'ours' ? store.openSettled : undefined;
  const seen =
    target.content === 'ours' && open !== undefined
      ? await firstRows(async () => open.call(store, target.head), { pinned: null, limit: lookedAt + 1, clock })
      : null;
  const schema = seen?.schema ?? (await surveyed(spec, null, ports)).found.schema;
  if (schema === null || schema === undefined)
    throw unreadable(`The columns of ${shownEntity(spec.flow, spec.entity)} show only while it is read.`, [
      'Run it, and make the contract of what settled',
    ]);
  const rows = seen !== null && seen.rows.length <= lookedAt ? seen.rows : null;
  const text = contractText(shownEntity(spec.flow, spec.entity), schema.columns, rows);
  await writeGenerated(text, flags, surroundings);
  return exit.ok;
}

/** @param rows all that settled; null: none were looked at, or there are more. */
export function contractText(entity: string, columns: readonly Column[], rows: readonly (readonly Json[])[] | null): string {
  const from =
    rows === null ? `the columns of ${entity}; its rows were not looked at` : `${counted(rows.length, 'settled row')} of ${entity}`;
  const lines = columns.map((column, at) => {
    const values = rows === null || rows.length === 0 ? null : rows.map((row) => row[at] ?? null);
    const { keys, evidence } = proposed(column, values);
    return `  ${asYaml(column.name)}: { ${keys.join(', ')} }${evidence.length === 0 ? '' : ` # ${evidence.join('; ')}`}`;
  });
  return [`# Proposed from ${from}.`, 'columns:', ...lines, ''].join('\n');
}

function proposed({ type, nullable }: Column, values: readonly Json[] | null) {
  const keys = [`type: ${asYaml(describeType(type))}`];
  const evidence: string[] = [];
  const present = (values ?? []).filter((value) => value !== null);
  const nulls = (values ?? []).length - present.length;
  if (!nullable || (values !== null && nulls === 0)) {
    keys.push('nullable: false');
    evidence.push(nullable ? `${counted(present.length, 'row')}, none null` : 'never null, as its type says');
  } else if (values !== null) evidence.push(`${counted(nulls, 'null')} in ${counted(values.length, 'row')}`);
  if (present.length > 0 && /^(u?int|decimal|float)/.test(type.kind) && present.every((value) => Number(value) >= 0)) {
    keys.push('min: 0');
    evidence.push('none below 0');
  }
  const list = type.kind === 'string' ? shortList(present) : null;
  if (list !== null) {
    keys.push(`in: [${list.map((text) => JSON.stringify(text)).join(', ')}]`);
    evidence.push(`no other value in ${counted(present.length, 'row')}`);
  }
  return { keys, evidence };
}

/** A few short words that repeat are no data of a person: no digits, no addresses. Null: the values are not like that. */
function shortList(values: readonly Json[]): readonly string[] | null {
  const texts = [...new Set(values.map(String))].sort();
  const isWord = (text: string) => /^[\p{L}_ -]{1,20}$/u.test(text);
  return texts.length > 0 && texts.length <= 10 && values.length >= texts.length * 5 && texts.every(isWord) ? texts : null;
}
