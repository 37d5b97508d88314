/**
 * A seeded run for each planted bug, which notices it: `npm test` makes all of these. `npm run soak` hunts the bugs with fresh seeds; `node tests/support/sim/hunt-cli.ts`
 * says which run of a seed notices one.
 */
export const findingRuns: Readonly<Record<string, string>> = {
  'a merge inserts what it updates': '20261127.165yya7',
  'the key is lost on the way to the store': '20261127.vbvmkx',
  'rows without a key are merged': '20261127.niti2z',
  'a key that comes twice is merged twice': '20261127.z2m9gw',
  'replacing the boundary takes rows of others with it': '20261127.xim05m',
  'the mark column is not asked when the boundary is replaced': '20261127.xim05m',
  'a delete is decided on a snapshot of the source that has moved on': '20261127.1aemgxd',
  'a comparison of keys closes the open boundary group': '20261127.v5d4eu',
  'a file that a comparison of keys wrote anew stays beside the new one': '20261127.v5d4eu',
  'a full load swaps a table that holds rows of others': '20261127.1kv99jd',
  'a commit does not count what it deletes': '20261127.1hes7t0',
  'a full load deletes rows that it can not tell from ours': '20261127.1hes7t0',
  'who finds a commit done counts nothing': '20261127.zclv5v',
  'the journal counts what was prepared, not what the commit did': '20261127.165yya7',
  'a connection is not given back when a statement fails': '20261127.1kv99jd',
  'a range is deleted from its unfloored lower bound': '20261127.rjoqoz',
  'what lies under the value of the settled group does not join it': '20261127.vth9gb',
  'settle before commit': '20261127.165yya7',
  'a pending intent is not rolled forward': '20261127.1aemgxd',
  'a repeated plan overwrites the plan': '20261127.10jahlt',
  'an intent that can never commit stays pending': '20261127.1lh53k',
  'a full load is not bounded': '20261127.10jahlt',
  'an epoch may intend again after it settled': '20261127.b04fhe',
  'a reset that was overtaken fences the later run': '20261127.kz4o3l',
};
