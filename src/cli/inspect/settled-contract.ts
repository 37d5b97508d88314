import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { realScratch } from '../../adapters/real-scratch.ts';
import { withOwnSides } from '../../assembly/ports.ts';
import type { Aside } from '../../engine/contracts/store.ts';
import { SpilledBytes } from '../../formats/bytes/spilled-bytes.ts';
import { contractClosing, contractLines, judgingProgressLine } from '../../narrate/commands/verify/contract-lines.ts';
import type { JudgedContract } from '../../ports/answers/settled-contract.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import { progressLines } from '../terminal/progress-lines.ts';
import { stopOnce } from '../terminal/stop-once.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge verify --contract`: checks settled rows against the present contract. All settled rows are read, and neither the rows nor the journal are changed. Exit 1: rows break the contract, or could not be checked. */
export async function verifyContract(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const [clock, random] = [realClock(), realRandom()];
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const { judgeSettled } = await import('../../engine/verify/contract/settled-judgement.ts');
  const ids = { invocation_id: random.id(), run_id: random.id() };
  await using scratch = realScratch({ onDisk: true });
  await using spilled = new SpilledBytes(scratch, '.keys');
  const aside: Aside = {
    leave: (_, bytes) => spilled.append(bytes),
    read: (ref, range) => spilled.read(range, Number(ref)),
  };
  using stopping = stopOnce(surroundings);
  const all: JudgedContract[] = [];
  for (const spec of entities) {
    if (stopping.asked() !== null) break;
    const tell = progressLines<{ readonly rows: number; readonly of: number }>(clock, { surroundings, flags }, (done) =>
      judgingProgressLine(spec, done),
    );
    const one = await withOwnSides(ports, (own) => judgeSettled(spec, { ports: own, aside, signal: stopping.signal, tell }));
    all.push(one);
    if (flags.output !== 'json') {
      printLines(surroundings, flags, (palette, room) => contractLines(one, { palette, room }));
      continue;
    }
    const { flow, entity, findings } = one;
    const write = (event: string, body: object) =>
      surroundings.out.write(`${JSON.stringify({ event, v: 1, ts: clock.now(), ...ids, flow, entity, ...body })}\n`);
    for (const finding of findings) write('check', finding);
    write('judged', one);
  }
  if (flags.output !== 'json') printLines(surroundings, flags, (palette) => contractClosing(all, palette));
  tellBroken(broken, surroundings, flags);
  const stopped = stopping.asked();
  if (stopped !== null) return exit[stopped];
  return broken.length === 0 && all.every(({ ok }) => ok) ? exit.ok : exit.failed;
}
