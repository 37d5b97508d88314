import { edit, type PlantedBug, planted } from './planted-bug.ts';

const look = 'src/engine/look/look.ts';
const protocol = 'src/engine/protocol/protocol.ts';
const phases = "if ((phase !== 'none' && phase !== 'idle') || row?.last?.run === request.entityRunId) return { seen };";
const ends = "if ((await moveRowFrom(ports, spec, event, seen, journal)) === 'moved') return 'moved';";
const claimFirst = "const claimFirst = () => refused('claim first');";

/** A run that ends without a claim. */
export const plantedInLooks: readonly PlantedBug[] = [
  planted(
    { name: 'a look ends a run, and sweeps, while another one is at work', hole: 'look: an open epoch' },
    edit(look, phases, "if (phase === 'pending' || phase === 'overtaken') return { seen };"),
    edit(protocol, claimFirst, 'const claimFirst = look;'),
  ),
  planted(
    { name: 'a look ends a run beside a commit that is decided and not finished', hole: 'look: a pending intent' },
    edit(look, phases, "if (phase === 'claimed') return { seen };"),
    edit(protocol, claimFirst, 'const claimFirst = look;'),
    edit(look, 'if (sweptOn(row) !== swept) await sweep(ports, spec, store, row, row.epoch + 1);'),
  ),
  planted(
    { name: 'a look ends a run from a row that is remembered', hole: 'look: a stale row' },
    edit(
      look,
      'const seen = await readRow(ports, spec);',
      "const now = await readRow(ports, spec); const known = ((globalThis as any).seenRows ??= new WeakMap()); if (!known.has(ports.random) && phaseOf(now.row) === 'idle') known.set(ports.random, now); const seen = known.get(ports.random) ?? now;",
    ),
    edit(look, ends),
  ),
  planted(
    { name: 'a look writes its end over whatever became of the row', hole: 'look: a blind write' },
    edit(
      look,
      ends,
      'const now = await readRow(ports, spec); await moveRowFrom(ports, spec, event, { ...seen, etag: now.etag }, journal);',
    ),
  ),
  planted(
    { name: 'a look sweeps the epoch that may come next', hole: 'look: an epoch too many' },
    edit(look, 'sweep(ports, spec, store, row, row.epoch + 1)', 'sweep(ports, spec, store, row, row.epoch + 2)'),
  ),
  planted(
    { name: 'a look that found nothing leaves what ended epochs staged', hole: 'look: no sweep' },
    edit(look, 'if (sweptOn(row) !== swept) await sweep(ports, spec, store, row, row.epoch + 1);'),
  ),
  planted(
    { name: 'what was seen before the claim is kept though another run came in between', hole: 'look: kept when it does not hold' },
    edit('src/engine/plan/plan.ts', 'const sight = stillAsRead ? looked?.survey : undefined;', 'const sight = looked?.survey;'),
  ),
];
