import type { PlantedBug } from './planted-bug.ts';

const look = 'src/engine/look/look.ts';
const protocol = 'src/engine/protocol/protocol.ts';
const phases = "if ((phase !== 'none' && phase !== 'idle') || row?.last?.run === request.entityRunId) return { seen };";
const ends = "if ((await moveRowFrom(ports, spec, event, seen, journal)) === 'moved') return 'moved';";
const claimFirst = "const claimFirst = () => refused('claim first');";

/** A run that ends without a claim. */
export const plantedInLooks: readonly PlantedBug[] = [
  {
    name: 'a look ends a run, and sweeps, while another one is at work',
    hole: 'look: an open epoch',
    edits: [
      { file: look, find: phases, replace: "if (phase === 'pending' || phase === 'overtaken') return { seen };" },
      { file: protocol, find: claimFirst, replace: 'const claimFirst = look;' },
    ],
  },
  {
    name: 'a look ends a run beside a commit that is decided and not finished',
    hole: 'look: a pending intent',
    edits: [
      { file: look, find: phases, replace: "if (phase === 'claimed') return { seen };" },
      { file: protocol, find: claimFirst, replace: 'const claimFirst = look;' },
      { file: look, find: 'if (sweptOn(row) !== swept) await sweep(ports, spec, store, row, row.epoch + 1);', replace: '' },
    ],
  },
  {
    name: 'a look ends a run from a row that is remembered',
    hole: 'look: a stale row',
    edits: [
      {
        file: look,
        find: 'const seen = await readRow(ports, spec);',
        replace:
          "const now = await readRow(ports, spec); const known = ((globalThis as any).seenRows ??= new WeakMap()); if (!known.has(ports.random) && phaseOf(now.row) === 'idle') known.set(ports.random, now); const seen = known.get(ports.random) ?? now;",
      },
      { file: look, find: ends, replace: '' },
    ],
  },
  {
    name: 'a look writes its end over whatever became of the row',
    hole: 'look: a blind write',
    edits: [
      {
        file: look,
        find: ends,
        replace: 'const now = await readRow(ports, spec); await moveRowFrom(ports, spec, event, { ...seen, etag: now.etag }, journal);',
      },
    ],
  },
  {
    name: 'a look sweeps the epoch that may come next',
    hole: 'look: an epoch too many',
    edits: [
      { file: look, find: 'sweep(ports, spec, store, row, row.epoch + 1)', replace: 'sweep(ports, spec, store, row, row.epoch + 2)' },
    ],
  },
  {
    name: 'a look that found nothing leaves what ended epochs staged',
    hole: 'look: no sweep',
    edits: [{ file: look, find: 'if (sweptOn(row) !== swept) await sweep(ports, spec, store, row, row.epoch + 1);', replace: '' }],
  },
  {
    name: 'what was seen before the claim is kept though another run came in between',
    hole: 'look: kept when it does not hold',
    edits: [
      {
        file: 'src/engine/plan/plan.ts',
        find: 'const sight = stillAsRead ? looked?.survey : undefined;',
        replace: 'const sight = looked?.survey;',
      },
    ],
  },
];
