import { type RealPorts, side } from '../assembly/ports.ts';
import type { Head, Target } from '../engine/contracts.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { counted } from '../narrate/figures.ts';
import type { Checked } from '../narrate/finding-lines.ts';
import { entityArgument, shownEntity } from '../narrate/visible.ts';
import type { StateRow } from '../ports/state.ts';
import type { AskedStores } from './asked-stores.ts';
import { readable } from './usage.ts';

/** What the connectors themselves say about an entity's home and store. `asked`: stores of its flow that were asked before. */
export async function checkSides(spec: EntitySpec, ports: RealPorts, asked: AskedStores): Promise<readonly Checked[]> {
  return [...(await checkSide(spec, 'home', ports)), ...(await asked.once(spec, () => checkSide(spec, 'store', ports)))];
}

async function checkSide(spec: EntitySpec, which: 'home' | 'store', ports: RealPorts): Promise<readonly Checked[]> {
  const about = shownEntity(spec.flow, spec.entity);
  return guarded(about, async () => {
    const connector = await side(spec, which);
    const findings = await connector.probe(spec[which].config, ports.opening(spec));
    return findings.map(({ ok, what, why, tryThis = [] }) => ({ about, ok, what: `${which}: ${what}`, ...(why && { why }), tryThis }));
  });
}

/** Whether state and destination tell the same story; the same questions a run asks before it reads anything. */
export async function checkAgreement(spec: EntitySpec, ports: RealPorts): Promise<readonly Checked[]> {
  const about = shownEntity(spec.flow, spec.entity);
  return guarded(about, async () => {
    const row = (await ports.state.read({ flow: spec.flow, entity: spec.entity }))?.row;
    const store = await ports.store(spec);
    const target = await store.inspect();
    return [{ about, ...agreement({ row, target, name: entityArgument(spec.flow, spec.entity), ifExists: spec.ifExists }) }];
  });
}

interface Compared {
  readonly row: StateRow | undefined;
  readonly target: Target;
  /** As an argument of a command. */
  readonly name: string;
  readonly ifExists: EntitySpec['ifExists'];
}

export function agreement({ row, target, name, ifExists }: Compared): Omit<Checked, 'about'> {
  if (row?.pending) {
    return { ok: true, what: 'state: a decided commit waits; the next run finishes it first', tryThis: [] };
  }
  const settled = row?.settled ?? null;
  if (target.content === 'foreign') {
    if (settled === null && ifExists !== 'fail')
      return fine(`destination: holds data that hygge did not put there; if_exists: ${ifExists} covers it`);
    return amiss(`destination: holds data that hygge did not put there (${target.summary})`, [
      'Point the store at an empty place',
      'Or say what to do with it: if_exists: append, or if_exists: replace',
    ]);
  }
  if (target.content === 'empty') {
    if (settled === null) return fine('state and destination agree: nothing is settled yet');
    return amiss('state and destination disagree: commits are settled, but the destination knows of none', [
      `Load everything again: hygge reset ${name}, then hygge go -e ${name}`,
      'If it was emptied by mistake, put it back',
    ]);
  }
  return compareHeads(settled, target.head, { name, missing: target.missing, rows: target.rows });
}

function compareHeads(
  settled: StateRow['settled'],
  head: Head,
  at: { readonly name: string; readonly missing: readonly string[]; readonly rows: number },
) {
  if (settled === null) {
    return amiss('state and destination disagree: hygge filled the destination, but its state is gone', [
      `Take it over as it is: hygge reset ${at.name} --adopt`,
      'Or restore .hygge/ from a backup',
    ]);
  }
  if (settled.id !== head.id) {
    return amiss(`state and destination disagree: settled is commit ${settled.id}, the destination's last is ${head.id}`, [
      `Go on from the destination as it is: hygge reset ${at.name} --adopt`,
      `Or load everything again: hygge reset ${at.name}, then hygge go -e ${at.name}`,
    ]);
  }
  if (at.missing.length > 0) {
    return amiss(
      `destination: ${counted(at.missing.length, 'settled file is', 'settled files are')} missing (${at.missing.slice(0, 3).join(', ')})`,
      ['Put them back', `Or load everything again: hygge reset ${at.name}, then hygge go -e ${at.name}`],
    );
  }
  return fine(`state and destination agree: ${counted(at.rows, 'row')} settled, last commit ${head.id}`);
}

function fine(what: string): Omit<Checked, 'about'> {
  return { ok: true, what, tryThis: [] };
}

function amiss(what: string, tryThis: readonly string[]): Omit<Checked, 'about'> {
  return { ok: false, what, tryThis };
}

/** A check that throws is a finding like any other. */
export async function guarded(about: string, check: () => Promise<readonly Checked[]>): Promise<readonly Checked[]> {
  try {
    return await check();
  } catch (error) {
    const { code, what, why, tryThis } = readable(error);
    return [{ about, ok: false, what: `${code} ${what}`, why, tryThis }];
  }
}
