import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { inspectTarget } from '../../engine/contracts/steps.ts';
import type { Target } from '../../engine/contracts/store.ts';
import { stateMustMatchDestination } from '../../engine/plan/agreement.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import type { CheckResult } from '../../narrate/commands/finding-lines.ts';
import { type ProposalText, proposalText } from '../../narrate/commands/proposal-lines.ts';
import { counted } from '../../narrate/text/figures.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import type { StateRow } from '../../ports/state.ts';
import { type RealPorts, side } from '../ports.ts';
import type { AskedStores } from './asked-stores.ts';

/** The connectors' own checks of an entity's home and store. `asked`: stores of its flow that were already checked. */
export async function checkSides(spec: EntitySpec, ports: RealPorts, asked: AskedStores): Promise<readonly CheckResult[]> {
  return [
    ...(await checkSide(spec, 'home', ports)),
    ...(await proposals(spec, ports)),
    ...(await asked.once(spec, () => checkSide(spec, 'store', ports))),
  ];
}

/** Keys of the home that the source suggests. If the source fails here, the error is ignored, because another check reports it as a finding. */
async function proposals(spec: EntitySpec, ports: RealPorts): Promise<readonly CheckResult[]> {
  const found = await proposalFor(spec, ports);
  if (found === undefined) return [];
  const what = found.lines.length === 0 ? 'home: nothing else is suggested' : 'home: its first answer suggests keys that are not set';
  return [{ about: shownEntity(spec.flow, spec.entity), ok: true, what, why: found.notes, tryThis: [], proposal: found.lines }];
}

/** A home's suggestions for missing config keys, as YAML; undefined: no suggestions, or the home does not answer. */
export async function proposalFor(spec: EntitySpec, ports: Pick<RealPorts, 'opening'>): Promise<ProposalText | undefined> {
  const { propose } = await side(spec, 'home');
  if (propose === undefined) return undefined;
  try {
    const proposal = await propose(spec.home.config, ports.opening(spec));
    return proposal && proposalText(proposal, spec.watermark !== null);
  } catch (error) {
    if (error instanceof HyggeError) return undefined;
    throw error;
  }
}

async function checkSide(spec: EntitySpec, which: 'home' | 'store', ports: RealPorts): Promise<readonly CheckResult[]> {
  const about = shownEntity(spec.flow, spec.entity);
  return guarded(about, async () => {
    const connector = await side(spec, which);
    const findings = await connector.probe(spec[which].config, ports.opening(spec));
    return findings.map(({ ok, what, why, tryThis = [] }) => ({ about, ok, what: `${which}: ${what}`, ...(why && { why }), tryThis }));
  });
}

/** Whether state and destination agree: the same check, with the same advice, as at the start of a run. */
export async function checkAgreement(spec: EntitySpec, ports: RealPorts): Promise<readonly CheckResult[]> {
  const about = shownEntity(spec.flow, spec.entity);
  return guarded(about, async () => {
    const row = (await ports.state.read({ flow: spec.flow, entity: spec.entity }))?.row;
    const store = await ports.store(spec);
    const target = await inspectTarget(ports, store);
    if (!row?.pending) await stateMustMatchDestination(ports, { spec, store, row }, target);
    return [{ about, ...agreement({ row, target, ifExists: spec.ifExists }) }];
  });
}

interface AgreedSides {
  readonly row: StateRow | undefined;
  readonly target: Target;
  readonly ifExists: EntitySpec['ifExists'];
}

/** A finding that would not stop a run. */
export function agreement({ row, target, ifExists }: AgreedSides): Omit<CheckResult, 'about'> {
  const fine = (what: string) => ({ ok: true, what, tryThis: [] });
  if (row?.pending) return fine('state: a decided commit is not finished; the next run finishes it first');
  switch (target.content) {
    case 'empty':
      return fine('state and destination agree: nothing is settled yet');
    case 'ours':
      return fine(`state and destination agree: ${counted(target.rows, 'row')} settled, last commit ${target.head.id}`);
    case 'foreign':
      if (ifExists !== 'fail') return fine(`destination: contains data that hygge did not write; if_exists: ${ifExists} allows this`);
      return {
        ok: false,
        what: `destination: contains data that hygge did not write (${target.summary})`,
        tryThis: ['Choose an empty place for the store', 'Or set what happens to that data: if_exists: append, or if_exists: replace'],
      };
  }
}

/** A check that throws is a finding too. */
export async function guarded(about: string, check: () => Promise<readonly CheckResult[]>): Promise<readonly CheckResult[]> {
  try {
    return await check();
  } catch (error) {
    const { code, what, why, tryThis } = readable(error);
    return [{ about, ok: false, what: `${code} ${what}`, why, tryThis }];
  }
}
