import type { Edit, PlantedBug } from './planted-bug.ts';

const commit = 'src/files/landing-zone/commit.ts';
const numbers = 'src/files/landing-zone/numbers.ts';
const marker = 'src/files/landing-zone/row-marker.ts';
const store = 'src/files/landing-zone/store.ts';
const keys = 'src/files/landing-zone/settled-keys.ts';
const writingMetadata = 'if (from === 0) await (landed.hasMetadata ? checkMetadata : writeMetadata)(at.table, keyColumns, at.where);';

/** A number is used although a file of it was there. */
const noLook: Edit = {
  file: numbers,
  find: 'if (isUsed) return publishedBefore(table, file, { number, where });',
  replace: 'void isUsed;',
};

/** Rules of a landing zone: what Microsoft's pages ask of a publisher. */
export const plantedInMirror: readonly PlantedBug[] = [
  {
    name: 'metadata comes after the first file',
    hole: 'open mirroring: metadata after the first file',
    in: 'mirror',
    edits: [
      { file: commit, find: writingMetadata, replace: '' },
      { file: commit, find: 'await mustHaveComeFirst(', replace: `${writingMetadata} await mustHaveComeFirst(` },
    ],
  },
  {
    name: 'a number is published by a copy, which comes a second time',
    hole: 'H25 copyMirror',
    in: 'mirror',
    edits: [
      noLook,
      { file: 'tests/support/memory-filesystem.ts', find: 'this.#delete(file.staged); if (final)', replace: 'if (final)' },
      { file: 'tests/support/sim/disk.ts', find: "if (outcome !== 'gone') this.bodies.delete(file.staged);", replace: '' },
    ],
    ignoresStaging: true,
  },
  {
    name: 'the next number follows from what lies in the folder, which Fabric empties',
    hole: 'open mirroring: a number reused',
    in: 'mirror',
    edits: [
      {
        file: numbers,
        find: '(taken === undefined || takenFolders.some((one) => one === taken))',
        replace: 'taken === undefined',
      },
      {
        file: numbers,
        find: 'if (last > 0 && last < next - 1) throw missingNumber(where, next - 1); return next;',
        replace: 'return last + 1;',
      },
    ],
  },
  {
    name: 'numbers are taken before the decision, so that a run that dies leaves a gap',
    hole: 'H24 numbersAtPlan',
    in: 'mirror',
    edits: [
      {
        file: store,
        find: 'const first = anew.isAnew ? 1 : nextNumber(landed, next, where);',
        replace: 'const first = anew.isAnew ? 1 : nextNumber(landed, next, where) + run.epoch - 1 - (read?.head.epoch ?? 0);',
      },
    ],
  },
  {
    name: 'a commit that is given up keeps its numbers',
    hole: 'open mirroring: a gap left by an abandoned intent',
    in: 'mirror',
    edits: [
      {
        file: commit,
        find: 'return { ...(before ?? nothing), ...headOfRefusal(before ?? null, intent, reason) };',
        replace:
          'return { ...(before ?? nothing), ...headOfRefusal(before ?? null, intent, reason), nextNumber: numberingOf(intent).first + numberedParts(intent).length };',
      },
    ],
  },
  {
    name: 'parts are published although an earlier one is gone',
    hole: 'open mirroring: a gap in the middle of a commit',
    in: 'mirror',
    edits: [
      { file: commit, find: "if (outcome === 'lost' && !(await isPassed(at, intent, i)))", replace: "if (outcome === 'lost' && i < 0)" },
      { file: commit, find: 'if (!(await isPassed(at, intent, i))) return false;', replace: '' },
    ],
  },
  {
    name: 'a file that Fabric removed a week later is taken for lost',
    hole: 'open mirroring: a commit that is finished after a week',
    in: 'mirror',
    edits: [{ file: commit, find: 'if (!(await isPassed(at, intent, i))) return false;', replace: 'return false;' }],
  },
  {
    name: 'no fence in a landing zone',
    hole: 'H23 noStoreFence, open mirroring',
    in: 'mirror',
    edits: [
      { file: commit, find: "return (now?.head.id ?? null) === prev ? undefined : 'fenced';", replace: 'void prev; return undefined;' },
    ],
  },
  {
    name: 'the marker of deleted rows is not their last column',
    hole: 'open mirroring: a marker in the middle',
    in: 'mirror',
    edits: [
      {
        file: marker,
        find: 'const schema: Schema = { columns: [...columns, marker] };',
        replace: 'const schema: Schema = { columns: [marker, ...columns] };',
      },
      { file: marker, find: 'columns: [...own, last]', replace: 'columns: [last, ...own]' },
    ],
  },
  {
    name: 'a look before the rename is all that tells of another publisher',
    hole: 'open mirroring: somebody else took the number, and Fabric the file',
    in: 'mirror',
    edits: [{ file: commit, find: 'await mustHaveComeFirst(', replace: 'void mustHaveComeFirst; void (' }],
  },
  {
    name: 'a key that was deleted is kept as one that is there',
    hole: 'open mirroring, keys: a tombstone ignored',
    in: 'mirror',
    edits: [{ file: keys, find: "text: String(role === 'deleted')", replace: "text: String(role === 'quarantine')" }],
  },
  {
    name: 'the keys of a commit are in a file that no head lists',
    hole: 'open mirroring, keys: a file not listed',
    in: 'mirror',
    edits: [{ file: keys, find: '[...folded.files, keyFile(own)]', replace: 'folded.files' }],
  },
  {
    name: 'keys of a table that was loaded anew count with those of the new one',
    hole: 'open mirroring, keys: a stale file after a full load',
    in: 'mirror',
    edits: [{ file: keys, find: 'const known = isFirst ? [] : (before?.files ?? []);', replace: 'const known = before?.files ?? [];' }],
  },
  {
    name: 'deleted keys are forgotten when files become one, though an earlier file has them',
    hole: 'open mirroring, keys: a fold without tombstones',
    in: 'mirror',
    edits: [{ file: keys, find: '(isDeleted && from === 0)', replace: 'isDeleted' }],
  },
  {
    name: 'of several rows of a key the oldest one counts',
    hole: 'open mirroring, keys: files in the wrong order',
    in: 'mirror',
    edits: [{ file: keys, find: '[...opened.entries()].toReversed()', replace: '[...opened.entries()]' }],
  },
  {
    name: 'files of keys are removed that the head lists',
    hole: 'open mirroring, keys: a file removed',
    in: 'mirror',
    edits: [{ file: commit, find: 'owner.epoch <= epoch && !kept.has(path)', replace: 'owner.epoch < epoch' }],
  },
  {
    name: 'the head lists keys that are published behind it',
    hole: 'open mirroring, keys: the head before the file',
    in: 'mirror',
    edits: [{ file: commit, find: '...(numberingOf(intent).keys?.staged ?? []),', replace: '' }],
  },
  {
    name: 'a full load that is merged leaves the rows that it does not have',
    hole: 'open mirroring, keys: a full load deletes nothing',
    in: 'mirror',
    edits: [{ file: store, find: 'const again = [...newest, ...unmatched];', replace: 'const again = newest;' }],
  },
];
