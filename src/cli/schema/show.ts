import { realClock } from '../../adapters/real-clock.ts';
import { changeText, outcomeText } from '../../checks/drift-text.ts';
import type { SchemaSnapshot } from '../../engine/contracts/records.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { type HistoryChange, schemaSteps } from '../../engine/schema/schema-history.ts';
import { readSnapshot, schemaHistory } from '../../engine/schema/snapshot.ts';
import { describeType } from '../../frames/describe-type.ts';
import { type ColumnShown, type SchemaShown, type StepShown, shownLines } from '../../narrate/commands/schema-show-lines.ts';
import { lookAtOne } from '../select/chosen-flows.ts';
import { lookingPorts } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface SchemaShowFlags extends CommonFlags {
  readonly entity: string;
  readonly history?: true | undefined;
}

/** `hygge schema show`: shows the settled columns. Only the state is read. Exit 1: no rows have settled. */
export async function schemaShow(flags: SchemaShowFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), looking: true, opens: 'state' });
  const { workspace, spec } = lookAtOne(opened, flags.entity);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const { row } = await readRow(ports, spec);
  const snapshot = await readSnapshot(ports, spec, row);
  const history = flags.history ? schemaSteps(await schemaHistory(ports, spec)) : null;
  const { flow, entity } = spec;
  const shown: SchemaShown = {
    flow,
    entity,
    since: snapshot?.at ?? null,
    run: snapshot?.run ?? null,
    settled_at: row?.settled?.at ?? null,
    full_next: row?.fullNext ?? false,
    columns: snapshot === undefined ? [] : columnsOf(spec, snapshot),
    keys: snapshot?.source?.keys ?? null,
    ...(history === null
      ? {}
      : { history: history.map(({ snapshot: { at, run }, changes }) => ({ at, run, changes: changes.map(shownChange) })) }),
  };
  printAnswer(surroundings, flags, { rows: [shown], lines: (palette, room) => shownLines(shown, { palette, room }) });
  return snapshot === undefined ? exit.failed : exit.ok;
}

function shownChange(one: HistoryChange): StepShown['changes'][number] {
  const { kind, column, outcome, ...more } = one;
  return { kind, column, change: changeText(one), ...more, outcome: outcome === null ? null : outcomeText(outcome) };
}

function columnsOf(spec: EntitySpec, { schema, expects, names = [] }: SchemaSnapshot): readonly ColumnShown[] {
  const added = new Set([...(spec.polish?.hashIds ?? []), ...(spec.polish?.added ?? [])].map(({ name }) => name));
  const sources = new Map(names.map(([source, settled]) => [settled, source]));
  return schema.columns.map(({ name, type, nullable, sourceType }): ColumnShown => {
    const expected = expects.find((one) => one.name === name);
    const from = expected === undefined || expected.from === null || added.has(name) ? null : expected.from;
    const seen = expected?.seen ?? null;
    return {
      name,
      type: describeType(type),
      nullable,
      source_name: from === null ? null : (sources.get(from) ?? from),
      source_type: seen === null ? (sourceType ?? null) : describeType(seen.type),
    };
  });
}
