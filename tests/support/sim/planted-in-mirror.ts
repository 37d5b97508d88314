import { type Edit, edit, type PlantedBug, planted } from './planted-bug.ts';

const commit = 'src/files/landing-zone/commit.ts';
const numbers = 'src/files/landing-zone/numbers.ts';
const marker = 'src/files/landing-zone/row-marker.ts';
const store = 'src/files/landing-zone/store.ts';
const keys = 'src/files/landing-zone/settled-keys.ts';
const writingMetadata = 'if (from === 0) await (landed.hasMetadata ? checkMetadata : writeMetadata)(at.table, keyColumns, at.where);';

/** A number is used although a file of it was there. */
const noLook: Edit = edit(numbers, 'if (isUsed) return publishedBefore(table, file, { number, where });', 'void isUsed;');

/** Rules of a landing zone: what Microsoft's pages ask of a publisher. */
export const plantedInMirror: readonly PlantedBug[] = [
  planted(
    { name: 'metadata comes after the first file', hole: 'open mirroring: metadata after the first file', in: 'mirror' },
    edit(commit, writingMetadata),
    edit(commit, 'await mustHaveComeFirst(', `${writingMetadata} await mustHaveComeFirst(`),
  ),
  planted(
    { name: 'a number is published by a copy, which comes a second time', hole: 'H25 copyMirror', in: 'mirror', ignoresStaging: true },
    noLook,
    edit('tests/support/memory-filesystem.ts', 'this.#delete(file.staged); if (final)', 'if (final)'),
    edit('tests/support/sim/disk.ts', "if (outcome !== 'gone') this.bodies.delete(file.staged);"),
  ),
  planted(
    {
      name: 'the next number follows from what lies in the folder, which Fabric empties',
      hole: 'open mirroring: a number reused',
      in: 'mirror',
    },
    edit(numbers, '(taken === undefined || takenFolders.some((one) => one === taken))', 'taken === undefined'),
    edit(numbers, 'if (last > 0 && last < next - 1) throw missingNumber(where, next - 1); return next;', 'return last + 1;'),
  ),
  planted(
    { name: 'numbers are taken before the decision, so that a run that dies leaves a gap', hole: 'H24 numbersAtPlan', in: 'mirror' },
    edit(
      store,
      'const first = anew.isAnew ? 1 : nextNumber(landed, next, where, missing);',
      'const first = anew.isAnew ? 1 : nextNumber(landed, next, where, missing) + run.epoch - 1 - (read?.head.epoch ?? 0);',
    ),
  ),
  planted(
    { name: 'a commit that is given up keeps its numbers', hole: 'open mirroring: a gap left by an abandoned intent', in: 'mirror' },
    edit(
      commit,
      'const fence: FilesHead = { ...(before ?? none), ...headOfRefusal(before ?? null, intent, reason) };',
      'const fence: FilesHead = { ...(before ?? none), ...headOfRefusal(before ?? null, intent, reason), nextNumber: numberingOf(intent).first + numberedParts(intent).length };',
    ),
  ),
  planted(
    { name: 'parts are published although an earlier one is gone', hole: 'open mirroring: a gap in the middle of a commit', in: 'mirror' },
    edit(commit, "if (outcome === 'lost' && !(await isPassed(at, intent, i)))", "if (outcome === 'lost' && i < 0)"),
    edit(commit, 'if (!(await isPassed(at, intent, i))) return false;'),
  ),
  planted(
    {
      name: 'a file that Fabric removed a week later is taken for lost',
      hole: 'open mirroring: a commit that is finished after a week',
      in: 'mirror',
    },
    edit(commit, 'if (first + i < (record?.number ?? first)) continue;'),
    edit(commit, 'if (!(await isPassed(at, intent, i))) return false;', 'return false;'),
  ),
  planted(
    {
      name: 'a number that may be there counts as unused once Fabric has removed what it took',
      hole: 'open mirroring: a number used twice',
      in: 'mirror',
    },
    edit(
      commit,
      'return since !== undefined && isMaybeRemoved(at.mirror.clock.now(), since) ? { until: null, since } : null;',
      'return null;',
    ),
  ),
  planted(
    {
      name: 'a number that was published has no record, and counts as unused once Fabric has removed it',
      hole: 'open mirroring: a number used twice',
      in: 'mirror',
    },
    edit(commit, 'await record.mayBe(number);'),
    edit(commit, 'if (numberedParts(intent).length > 0) await record.mayBe(first + numberedParts(intent).length);'),
  ),
  planted(
    { name: 'no fence in a landing zone', hole: 'H23 noStoreFence, open mirroring', in: 'mirror' },
    edit(commit, "return (now?.head.id ?? null) === prev ? undefined : 'fenced';", 'void prev; return undefined;'),
  ),
  planted(
    { name: 'the marker of deleted rows is not their last column', hole: 'open mirroring: a marker in the middle', in: 'mirror' },
    edit(marker, 'const schema: Schema = { columns: [...columns, marker] };', 'const schema: Schema = { columns: [marker, ...columns] };'),
    edit(marker, 'columns: [...own, last]', 'columns: [last, ...own]'),
  ),
  planted(
    {
      name: 'a look before the rename is all that tells of another publisher',
      hole: 'open mirroring: somebody else took the number, and Fabric the file',
      in: 'mirror',
    },
    edit(commit, 'await mustHaveComeFirst(', 'void mustHaveComeFirst; void ('),
  ),
  planted(
    { name: 'a key that was deleted is kept as one that is there', hole: 'open mirroring, keys: a tombstone ignored', in: 'mirror' },
    edit(keys, "text: String(role === 'deleted')", "text: String(role === 'quarantine')"),
  ),
  planted(
    { name: 'the keys of a commit are in a file that no head lists', hole: 'open mirroring, keys: a file not listed', in: 'mirror' },
    edit(keys, '[...folded.files, keyFile(own)]', 'folded.files'),
  ),
  planted(
    {
      name: 'keys of a table that was loaded anew count with those of the new one',
      hole: 'open mirroring, keys: a stale file after a full load',
      in: 'mirror',
    },
    edit(keys, 'const known = isFirst ? [] : (before?.files ?? []);', 'const known = before?.files ?? [];'),
  ),
  planted(
    {
      name: 'deleted keys are forgotten when files become one, though an earlier file has them',
      hole: 'open mirroring, keys: a fold without tombstones',
      in: 'mirror',
    },
    edit(keys, '(isDeleted && from === 0)', 'isDeleted'),
  ),
  planted(
    { name: 'of several rows of a key the oldest one counts', hole: 'open mirroring, keys: files in the wrong order', in: 'mirror' },
    edit(keys, 'places.pairs((earlier) => marks.add(earlier))', 'places.pairs((_, later) => marks.add(later))'),
  ),
  planted(
    { name: 'files of keys are removed that the head lists', hole: 'open mirroring, keys: a file removed', in: 'mirror' },
    edit(commit, 'owner.epoch <= epoch && !kept.has(path)', 'owner.epoch < epoch'),
  ),
  planted(
    { name: 'the head lists keys that are published behind it', hole: 'open mirroring, keys: the head before the file', in: 'mirror' },
    edit(commit, '...(numberingOf(intent).keys?.staged ?? []),'),
  ),
  planted(
    {
      name: 'a full load that is merged leaves the rows that it does not have',
      hole: 'open mirroring, keys: a full load deletes nothing',
      in: 'mirror',
    },
    edit(store, 'const again = [...newest, ...inCapitals, ...unmatched];', 'const again = [...newest, ...inCapitals];'),
  ),
];
