import { realClock } from '../../adapters/real-clock.ts';
import { type RealPorts, withOwnSides } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { inspectTarget } from '../../engine/contracts/steps.ts';
import { detailsOf } from '../../engine/errors/details.ts';
import { stateMustMatchDestination } from '../../engine/plan/agreement.ts';
import { readable } from '../../errors/readable.ts';
import { progressLine, type Verified, verifiedClosing, verifiedLines } from '../../narrate/commands/verify/verify-lines.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import { progressLines } from '../terminal/progress-lines.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

type Tell = (done: { readonly files: number; readonly bytes: number; readonly of: number }) => void;

/** `hygge verify --settled`: compares settled data with its checksums. All settled data is read, and none is changed. Exit 1: the data differs from a checksum. */
export async function verifySettled(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const all: Verified[] = [];
  for (const spec of entities) {
    const tell: Tell = progressLines(clock, { surroundings, flags }, (done) => progressLine(spec, done));
    const one = await withOwnSides(ports, (own) => verified(spec, own, tell));
    all.push(one);
    if (flags.output === 'json') surroundings.out.write(`${JSON.stringify(one)}\n`);
    else printLines(surroundings, flags, (palette) => verifiedLines(one, palette));
  }
  if (flags.output !== 'json') printLines(surroundings, flags, (palette) => verifiedClosing(all, palette));
  tellBroken(broken, surroundings, flags);
  return broken.length === 0 && all.every(({ ok }) => ok) ? exit.ok : exit.failed;
}

async function verified(spec: EntitySpec, ports: RealPorts, tell: Tell): Promise<Verified> {
  const { flow, entity } = spec;
  const found = {
    files: 0,
    bytes: 0,
    changed: [] as string[],
    missing: [] as string[],
    without_checksum: 0,
    strays: [] as readonly string[],
  };
  const about = (error: Verified['error'] = null): Verified => {
    return { flow, entity, ok: error === null && found.changed.length + found.missing.length === 0, ...found, error };
  };
  try {
    const store = await ports.store(spec);
    const target = await inspectTarget(ports, store);
    const row = (await ports.state.read({ flow, entity }))?.row;
    const speaksOfIt = target.content === 'ours' && target.head.id === row?.settled?.id;
    if (!speaksOfIt && !row?.pending) await stateMustMatchDestination(ports, { spec, store, row }, target);
    if (target.content !== 'ours' || !store.files) return about();
    found.strays = target.strays ?? [];
    for await (const one of store.files.compareChecksums('all')) {
      found.files++;
      found.bytes += one.bytes;
      if (one.found === 'changed') found.changed.push(one.name);
      if (one.found === 'missing') found.missing.push(one.name);
      if (one.found === 'unknown') found.without_checksum++;
      tell({ files: found.files, bytes: found.bytes, of: target.bytes });
    }
    return about();
  } catch (error) {
    return about(detailsOf(readable(error), spec));
  }
}
