/** Sentences for the notes that plans, intents and journal rows store as facts (ports/notes.ts). A change of wording does not change stored data. */

import { driftSentence, driftTold } from '../../checks/drift-text.ts';
import { shellWord } from '../../errors/as-argument.ts';
import type { ChangeTold } from '../../ports/events.ts';
import {
  type BrokenRule,
  type FilesPassedNote,
  isForJournal,
  isOwn,
  type Note,
  type Noted,
  type NotedEdge,
  type RangeToReadLater,
} from '../../ports/notes.ts';
import type { JournalRow } from '../../ports/state.ts';
import { bytes, count, counted } from './figures.ts';
import { silenceText, standstillText } from './silence-text.ts';
import { whyNotTold } from './verdict.ts';
import { entityArgument } from './visible.ts';

/** A phrase without a full stop, because phrases are joined with semicolons in a line. */
export function words(note: Noted): string {
  if (typeof note === 'string') return note;
  return isOwn(note) ? note.text : sentence(note);
}

/** The function that the engine uses to word notes in its events. */
export const wording = { note: words, drift: driftTold };

/** The message of a journal row, in words; null: the row has no message. */
export function messageOf({ message, notes }: Pick<JournalRow, 'message' | 'notes'>): string | null {
  if (message !== null || notes == null) return message;
  const told = notes.filter((note) => !isForJournal(note));
  return told.length === 0 ? null : told.map(words).join('; ');
}

type Known = Exclude<Note, { readonly text: string; readonly code: `${string}.${string}` }>;

function keysBeside({ source, settled, gone }: { readonly source: number; readonly settled: number; readonly gone: number }): string {
  const beside = `${counted(settled, 'settled row')} compared with ${counted(source, 'row')} of the source`;
  return gone === 0 ? `${beside}: none was deleted there` : `${beside}: ${count(gone)} ${gone === 1 ? 'is' : 'are'} gone there`;
}

function writtenAnew(files: { readonly files: number; readonly bytes: number } | undefined): string {
  return files === undefined ? '' : `, and writes ${counted(files.files, 'file')} again (${bytes(files.bytes)})`;
}

function keptLastGood({ rows, unknown }: { readonly rows: number; readonly unknown?: true }): string {
  const these = rows === 1 ? 'This row of the range stays' : 'These rows of the range stay';
  if (!unknown) return `last good versions: ${count(rows)}. ${these}, because a newer version is in quarantine`;
  return `possible last good versions: ${count(rows)}. ${these}, because the key of a row in quarantine can’t be read. hygge verify --repair removes rows that the source no longer has`;
}

/** How lists of an API can end: see `src/apis/lists/list-end.ts`. */
const endings: Readonly<Record<string, string>> = {
  one_answer: 'its one answer',
  word: 'an answer that says that no more records follow',
  address: 'an answer without a next address or cursor',
  empty: 'an empty page',
  short: 'a short page',
  total: 'as many records as the API counts',
  status: 'a page that the API does not have',
  window: 'records outside of the window',
};

function endedText(ended: Readonly<Record<string, number>> | undefined): string {
  const all = Object.entries(ended ?? {});
  const [one] = all;
  if (one === undefined) return '';
  if (all.length === 1 && one[1] === 1) return `; the list ended with ${endings[one[0]] ?? one[0]}`;
  return `; lists ended with ${all.map(([reason, lists]) => `${endings[reason] ?? reason} (${count(lists)})`).join(', ')}`;
}

function sentence(note: Known): string {
  switch (note.code) {
    case 'found_new':
      return `new at the home of flow ${note.flow}: it settles for the first time. entities: { exclude: [${note.entity}] } leaves it out`;
    case 'found_unseen':
      return `new entities at the home of flow ${note.flow} are not known, so the run moves only entities that settled before: ${note.what.replace(/\.$/, '')}`;
    case 'full_copy_each_run':
      return 'if_exists: append adds all rows of the source again at each full load, next to the rows of earlier loads';
    case 'rows_gone':
      return `${counted(note.settled, 'row')} settled in ${note.where}, and ${count(note.left)} of them ${note.left === 1 ? 'is' : 'are'} left: no incremental run loads the other rows again. hygge reset loads everything again; with --adopt, it accepts the rows that are left`;
    case 'read_otherwise': {
      const have = note.keys.length === 1 ? 'has' : 'have';
      return `${note.keys.join(', ')} of the home ${have} changed since the last run, so the same text is now another value of ${firstThree(note.columns)}. Settled rows keep their values. If these values are wrong, hygge go -e ${entityArgument(note.flow, note.entity)} -d reads all rows again`;
    }
    case 'others_go': {
      const whose =
        note.rows === null
          ? 'rows that other programs may have written there are removed'
          : `${counted(note.rows, 'row')} of other programs ${note.rows === 1 ? 'is' : 'are'} removed`;
      return `${whose} together with the rows that settled in ${note.where}, because if_exists: replace applies to the whole place`;
    }
    case 'strays': {
      const which = note.files === 1 ? `${note.first} is not hygge's` : `${note.files} files are not hygge's, such as ${note.first}`;
      return `${which}, but readers of ${note.where} count ${note.files === 1 ? 'its' : 'their'} rows: move ${note.files === 1 ? 'this file' : 'these files'} to another folder`;
    }
    case 'name_taken':
      return `column ${JSON.stringify(note.column)} settles as ${note.as}: another column has the name ${note.wanted}`;
    case 'renamed':
      return `column ${JSON.stringify(note.column)} settles as ${note.as}: ${whyRenamed(note)}`;
    case 'deletes_instead': {
      const named = firstThree(note.dependents);
      return note.refused === true
        ? `the run deletes the rows and does not swap the table, because the database would refuse a swap: ${named}`
        : `the run deletes the rows and does not swap the table, because a swap would lose: ${named}`;
    }
    case 'deletes_pass_on':
      return `the table's ON DELETE also deletes or changes rows that refer to a deleted row. A run does not count those rows: ${firstThree(note.dependents)}`;
    case 'alters': {
      // Every column that is added to a person’s table is named, even in a long list.
      const changes = note.changes.map(changeText);
      const more = changes.length - changesAtMost;
      return `the commit alters ${note.where} for the rows: it ${changes.slice(0, changesAtMost).join(', ')}${more > 0 ? `, and ${count(more)} more` : ''}`;
    }
    case 'retypes': {
      const have = note.columns.length === 1 ? 'has' : 'have';
      const files = note.parts === 1 ? 'up to 1 settled file is' : `up to ${count(note.parts)} settled files are`;
      return `${note.columns.join(', ')} ${have} no value so far: ${files} rewritten with the type of the first values, in the same commit`;
    }
    case 'looks_renamed': {
      const more = note.more === 0 ? '' : `, and ${count(note.more)} more like that`;
      return `${note.to} looks like ${note.from}, which was read before and is gone${more}: if the file was only renamed, its rows settle twice`;
    }
    case 'maybe_changed': {
      const more = note.more === 0 ? '' : `, and ${count(note.more)} more like that`;
      return `${note.file} may have changed since it was read${more}: its size and time are the same, but the file was written or replaced. hygge has no checksum of its earlier content. If its content is new, load everything again (-d)`;
    }
    case 'files_passed': {
      const isOne = note.files.length + note.more === 1;
      const are = isOne ? 'is new, and all of its rows are' : 'are new, and all of their rows are';
      return `${namesOf(note)} ${are} below the watermark of ${note.column}, so no run reads them. ${readAgain(note, isOne ? 'its rows' : 'their rows')}${filesLeft(note)}`;
    }
    case 'files_partly_passed': {
      const isOne = note.files.length + note.more === 1;
      const [are, them] = note.rows === 1 ? ['is', 'it'] : ['are', 'them'];
      return `${counted(note.rows, 'row')} of ${namesOf(note)}, which ${isOne ? 'is' : 'are'} new, ${are} below the watermark of ${note.column}, so no run reads ${them}. ${readAgain(note, them)}${note.repeats ? ', and settles once more each row that several files have' : ''}${filesLeft(note)}`;
    }
    case 'waits': {
      const [have, wait, latest] = note.rows === 1 ? ['has', 'waits', note.latest] : ['have', 'wait', `up to ${note.latest}`];
      const rows = note.rows === null ? 'some rows' : counted(note.rows, 'row');
      return `${rows} ${have} ${note.column} in the future (${latest}) and ${wait} until that time has come`;
    }
    case 'numbers_as_text':
      return `${note.column} is text, and looks like a number (${note.text}): as text "10" sorts before "9", so hygge does not read rows that are new only as numbers`;
    case 'source_behind': {
      const reset = `hygge reset ${entityArgument(note.flow, note.entity)}`;
      return `the newest ${note.column} of the source is ${note.newest}, below ${note.settled}, the settled watermark. No run reads rows below the watermark. If the source was restarted, load all rows again: ${reset}`;
    }
    case 'deletes_unseen':
      return `an incremental run does not see rows that were deleted in the source${note.until === undefined ? '' : `; the next full load, which removes them, is due on ${note.until.slice(0, 16).replace('T', ' ')} UTC`}`;
    case 'full_due': {
      const last =
        note.last === null
          ? 'the time of the last full load is not known'
          : `the last full load was on ${note.last.slice(0, 16).replace('T', ' ')} UTC`;
      return `the run loads all rows again: ${last}, and full_every is ${note.every}`;
    }
    case 'grows_only':
      return `${note.column} is assumed to only grow: a later row with a smaller value is never read`;
    case 'spellings_stay': {
      const because = {
        masked: 'which a mask hides here',
        unknown: 'by rules that only it knows',
        kept: 'such as ann@x.dk and ANN@X.DK',
      }[note.why];
      const remedy =
        note.why === 'kept'
          ? 'deletes: { compare: 1d } removes the earlier row, and so does a full load'
          : 'a full load removes the earlier row';
      return `the source treats several texts of ${note.columns.join(', ')} as one key, ${because}: after a change of the spelling, the earlier and the new row are in ${note.where}. If spellings change, ${remedy} (full_every: 7d)`;
    }
    case 'verifies': {
      const how = note.by === 'counts' ? 'the rows of source and destination are counted' : 'source and destination are compared';
      const when = note.every === null ? 'after the commit' : `after a commit, if the last comparison is ${note.every} old`;
      return `${how} ${when}; a difference ${note.fails ? 'fails the run' : 'is a warning'}`;
    }
    case 'differs':
      return note.what.replace(/\.$/, '');
    case 'not_verified':
      return `the source could not be compared after the commit: ${'what' in note ? note.what.replace(/\.$/, '') : whyNotTold(note.because)}`;
    case 'verdict_unwritten':
      return `the verdict could not be written into the journal: ${note.what.replace(/\.$/, '')}`;
    case 'not_replicated':
      return `the settled rows were not replicated within ${note.waited}${saidOf(note.said)}`;
    case 'probably_replicated':
      return `the settled rows are probably replicated${saidOf(note.said)}`;
    case 'replication_stopped':
      return `replication has stopped, and settled rows wait${saidOf(note.said)}`;
    case 'replication_superseded':
      return 'a later full load made the mirrored table again before Fabric applied the settled rows';
    case 'replication_unknown':
      return `the replication of the settled rows is not known: ${note.what.replace(/\.$/, '')}`;
    case 'drift':
      return driftSentence(note.drift, note.since);
    case 'vanished': {
      const [rows, stay] = note.rows === 1 ? ['row', 'it stays'] : [`${count(note.rows)} rows`, 'they stay'];
      return `the source no longer has the ${rows} at the last watermark, but ${stay} settled`;
    }
    case 'last_good_may_be_gone':
      return `${counted(note.rows, 'row')} of the range ${note.rows === 1 ? 'was' : 'were'} removed, and ${counted(note.apart, 'row')} ${note.apart === 1 ? 'is' : 'are'} in quarantine: last good versions may be among them (hygge quarantine replay settles mended rows)`;
    case 'parts_of_unknown_rows': {
      const [were, their, rows] = note.rows === 1 ? ['was', 'its', 'the row'] : ['were', 'their', 'the rows'];
      const load = `hygge go -d -e ${entityArgument(note.flow, note.entity)}`;
      return `${counted(note.rows, 'change')} ${were} left out, because the source shows only some columns and ${their} row never settled: ${load} loads ${rows} whole`;
    }
    case 'sunk': {
      const [were, exist] = note.rows === 1 ? ['was', 'exists'] : ['were', 'exist'];
      const backfill = `hygge backfill ${entityArgument(note.flow, note.entity)} --from VALUE --to ${note.from}`;
      return `${counted(note.rows, 'row')} that had settled at ${note.from} or without ${note.column} no longer ${exist} in the source, and ${were} removed. If ${note.rows === 1 ? 'it has' : 'they have'} a smaller ${note.column} now, ${backfill} restores ${note.rows === 1 ? 'it' : 'them'}`;
    }
    case 'mark_is_bare':
      return `the source no longer has a row at the last watermark (${note.column} ${note.at}): the rows that had settled there were removed, together with the rows without ${note.column} (nulls: include)`;
    case 'emptied':
      return `${noneSettles(note.unsettled) ?? 'the source has no rows'}: ${goneRows(note.rows)} gone (on_empty: replace)`;
    case 'shrunk':
      return `the full load has ${counted(note.rows, 'row')} instead of ${count(note.before)}: at most half (on_shrink: warn)`;
    case 'silent':
      return silenceText(note);
    case 'bad_rows': {
      const where = note.first === null ? '' : ` (${note.rows === 1 ? '' : 'the first: '}${note.first.replace(/\.$/, '')})`;
      const went = `${note.rows === 1 ? 'was' : 'were'} ${note.kept ? 'put into quarantine' : 'skipped'}`;
      return `${counted(note.rows, 'row')} that can't be read ${went}${where}${note.later ? correctedLater(note.rows, note.later) : ''}`;
    }
    case 'corrected':
      return `corrections applied: ${count(note.rows)}`;
    case 'read_as_null': {
      const columns = Object.entries(note.columns);
      const values = columns.reduce((sum, [, n]) => sum + n, 0);
      const some = columns.slice(0, 10).map(([column, n]) => `${column}: ${count(n)}`);
      const more = columns.length > some.length ? ` and ${columns.length - some.length} more columns` : '';
      return `${counted(values, 'special value')} ${values === 1 ? 'was' : 'were'} read as null (${some.join(', ')}${more}), as special_values: to_null says`;
    }
    case 'parents_missed': {
      const [whose, first] =
        note.parents === 1 ? [`the parent ${note.first}`, ''] : [`${count(note.parents)} parents`, `; the first is ${note.first}`];
      return `the rows of ${whose} could not be read (the API answered ${note.why}${first}): a later run reads these rows from where they ended`;
    }
    case 'broken_rows': {
      const rules = (note.told && brokenRules(note.told)) ?? Object.entries(note.rules).map(([rule, rows]) => `${rule}: ${count(rows)}`);
      const of = note.of === undefined ? '' : ` of ${count(note.of)}`;
      const went = note.kept === false ? '' : note.rows === 1 ? ' and is in quarantine' : ' and are in quarantine';
      return `${counted(note.rows, 'row')}${of} ${note.rows === 1 ? 'breaks' : 'break'} a rule${went} (${rules.join(note.told ? '; ' : ', ')})`;
    }
    case 'file_lacks': {
      const [columns, them] =
        note.columns.length === 1 ? [`the column ${note.columns[0]}`, 'it'] : [`the columns ${note.columns.join(', ')}`, 'them'];
      return `${note.file} has no value in ${columns} of the contract: its rows settle with null there, and no rule about ${them}${note.rules === undefined ? '' : ` (${note.rules.join(', ')})`} judged them. If files may lack ${them}, write optional: true in the contract`;
    }
    case 'rules_idle':
      return `${counted(note.rows, 'row')}${note.file === undefined ? '' : ` of ${note.file}`} had no value that these rules could check: ${note.rules.join(', ')}`;
    case 'none_settled': {
      const argument = entityArgument(note.flow, note.entity);
      const stays = note.at === null ? '' : `; the watermark stays at ${note.at}`;
      return `none of the new rows settled${stays}, and each run reads ${note.rows === 1 ? 'the row' : `the ${count(note.rows)} rows`} again: correct ${note.rows === 1 ? 'it' : 'them'} in the source, or the rule in the contract, then hygge go -e ${argument}`;
    }
    case 'rules_warn':
      return `rows that settled break a rule (${brokenRules(note.told).join('; ')}; ${counted(note.of, 'row')} were judged)`;
    case 'check_warns': {
      const owners = { source: 'the source', files: 'the storage of its files', own: 'this machine' } as const;
      const clock = note.clock === undefined ? '' : ` by the clock of ${owners[note.clock]}`;
      if (note.isAhead)
        return `the check ${note.check} failed: the newest time is ${note.found}${clock}, so the age of other rows is unknown; correct that time in the source, or leave out its row (expected: ${note.expected})`;
      return `the check ${note.check} failed: ${note.found}${clock}, expected: ${note.expected}`;
    }
    case 'checks_of_settled':
      return `${note.checks.length === 1 ? 'the check' : `${note.checks.length} checks`} ${firstThree(note.checks)} would fail if all rows that were read counted: rows in quarantine do not count. To count them, write rows: read. To confirm that they do not count, write rows: settled`;
    case 'judges': {
      if (note.rules.length + note.checks.length === 0)
        return `${note.contract} has no rule and no check: columns and types are compared, and no row is judged`;
      const what = [
        ...(note.rules.length === 0
          ? []
          : [`${note.rules.length === 1 ? 'the rule' : `${note.rules.length} rules`} ${firstThree(note.rules)}`]),
        ...(note.checks.length === 0
          ? []
          : [`${note.checks.length === 1 ? 'the check' : `${note.checks.length} checks`} ${firstThree(note.checks)}`]),
      ];
      return `rows are judged by ${what.join(' and ')}${note.contract === null ? '' : ` (${note.contract})`}`;
    }
    case 'checks_ask':
      return `${firstThree(note.checks)}: the source is queried once a run, before its rows are read`;
    case 'judges_unseen':
      return 'the columns are known only during the read, so the run then checks whether the rules fit the columns';
    case 'rules_without_values':
      return `${note.rules.length === 1 ? 'the rule' : `${note.rules.length} rules`} ${firstThree(note.rules)} ${note.rules.length === 1 ? 'judges' : 'judge'} nothing of ${note.column} any more: its values settle as ${note.as}, so the contract must name that column`;
    case 'checks_fail':
      return `${note.checks.join(', ')}: a check of all rows together can’t put single rows into quarantine, so it fails the run`;
    case 'left_quarantine': {
      const exist = note.rows === 1 ? 'exists' : 'exist';
      const where = note.to === null ? `below ${note.from}` : `outside of ${note.from} … ${note.to}`;
      const backfill = `hygge backfill ${entityArgument(note.flow, note.entity)} --from VALUE --to ${note.to === null ? note.from : 'VALUE'}`;
      return `${counted(note.rows, 'row')} from quarantine can be read now, or no longer ${exist}. This run does not settle rows whose ${note.column} is ${where}. To settle them: ${backfill}`;
    }
    case 'keys_compared': {
      const stay =
        note.stay === 0
          ? ''
          : `; ${counted(note.stay, 'row')} ${note.stay === 1 ? 'stays' : 'stay'}, because the source has the key again, or a key that differs only in case, accents or blanks`;
      return `${keysBeside(note)}${stay}`;
    }
    case 'asked': {
      const quota =
        note.quota === undefined ? '' : `; the source counts ${count(note.quota.used)} of ${count(note.quota.of)} that the account has`;
      return `reading took ${counted(note.requests, 'request')}${quota}${endedText(note.ended)}`;
    }
    case 'keys_older':
      return `${counted(note.rows, 'settled row')} that the source lacks ${note.rows === 1 ? 'stays' : 'stay'}, because ${note.rows === 1 ? 'it is' : 'they are'} older than the oldest row of the source and may be archived. To remove them, if the source archives no rows: deletes: { complete: true }`;
    case 'keys_would_go':
      return `${keysBeside(note)}${note.gone === 0 ? '' : '; a run compares twice before it changes a row'}${writtenAnew(note.rewrites)}`;
    case 'keys_compared_next':
      return `keys are compared after ${note.due ? 'this run' : 'a later run'}, and rows that the source no longer has ${note.marks ? 'are marked as deleted' : 'are removed'}${note.complete ? '' : ', except those older than the oldest row of the source, which may be archived'}: hygge go -e ${entityArgument(note.flow, note.entity)} --dry-run --compare-deletes counts them`;
    case 'compacts_next': {
      const when =
        'at' in note
          ? `the first run from ${note.at.slice(0, 16).replace('T', ' ')} UTC on`
          : note.after === 'this run'
            ? 'this run'
            : `the first run that begins ${note.every} after this full load`;
      return `small files are combined after ${when}`;
    }
    case 'compaction_failed':
      return `small files were not combined. The next run tries again: ${note.error} ${note.what.replace(/\.$/, '')}`;
    case 'compacted':
      return `${counted(note.files, 'file')} of ${bytes(note.bytes)} became ${counted(note.into.files, 'file')} of ${bytes(note.into.bytes)}, with equal row sums`;
    case 'old_files':
      return `${counted(note.files, 'file')} of earlier versions (${bytes(note.bytes)}) ${note.files === 1 ? 'waits' : 'wait'} in ${note.where}: once the retention of the table is over, hygge compact ${entityArgument(note.flow, note.entity)} deletes ${note.files === 1 ? 'it' : 'them'}`;
    case 'nothing_to_compact':
      return 'nothing to compact: no partition has two small files';
    case 'not_compacted':
      return `${note.name}${note.more === 0 ? '' : ` and ${counted(note.more, 'more file', 'more files')}`} ${note.more === 0 ? 'stays unchanged' : 'stay unchanged'}: ${
        note.why === 'not settled'
          ? `column ${note.column} no longer settles, so it would be lost`
          : `column ${note.column} has a type whose values the settled type can’t store`
      }`;
    case 'would_compact':
      return `${counted(note.files, 'small file')} of ${bytes(note.bytes)} would become about ${counted(note.into, 'file')} of up to ${bytes(note.target)}`;
    case 'nothing_new':
      return 'nothing new';
    case 'nothing_there':
      return 'nothing new: all files that were read before are gone';
    case 'nothing_to_load':
      return 'the source has nothing to load, and the destination is empty';
    case 'kept_though_empty':
      return `${noneSettles(note.unsettled) ?? 'the source is empty'}; on_empty: keep leaves the destination unchanged${note.unsettled === undefined ? '' : ', and quarantine as well'}`;
    case 'nothing_in_range':
      return `no rows${note.below === undefined ? '' : ` below the watermark ${note.below}`}, neither in the source nor settled`;
    case 'above_watermark':
      return 'not below the watermark: live runs read it';
    case 'not_started':
      return `not started: ${whyNotStarted[note.why]}`;
    case 'kept_newer':
      return `kept as newer: ${count(note.rows)}. ${note.rows === 1 ? 'This row of the range has' : 'These rows of the range have'} a key whose newer row has settled. hygge go -d settles the present rows of the source`;
    case 'kept_last_good':
      return keptLastGood(note);
    case 'waits_until':
      return `waits until ${note.until.slice(0, 16).replace('T', ' ')} UTC: the source or the store asks for a pause`;
    case 'replaces_rows':
      return `${note.rows === 1 ? 'the 1 row' : `all ${count(note.rows)} rows`} in ${note.where}`;
    case 'replaces_all':
      return `everything in ${note.where}`;
    case 'replaces_boundary':
      return 'the rows at the last watermark, if they changed';
    case 'replaces_file':
      return `the rows that came from ${note.path}`;
    case 'replaces_range':
      return `the rows with ${note.column} ${between(note.from, note.to)}`;
    case 'commit_unfinished':
      return `an earlier run decided a commit (${note.intent}) that is not finished: hygge go finishes it first, then plans`;
    case 'records_left':
      return `old records could not be removed: ${note.what}`;
    case 'heartbeat_unsent':
      return `the heartbeat could not be sent: ${note.what.replace(/\.$/, '')}`;
    case 'journal_unpublished':
      return `the journal could not be published: ${note.what}`;
    case 'page_unwritten':
      return `the page could not be written to the place of \`report\`: ${note.what}`;
    case 'page_late':
      return `the page was not written to the place of \`report\` within ${note.seconds} seconds`;
    case 'stands_still':
      return standstillText(note);
    case 'page_partial':
      return `the page shows only what can be read: ${note.what}`;
    case 'left_behind':
      return `what the run left behind could not be removed; the next run removes it: ${note.what.replace(/\.$/, '')}`;
    case 'staged_by_others':
      return `${JSON.stringify(note.path)} is not hygge's, but is where hygge stages files. hygge does not remove it. Move it to another folder, or remove it`;
    case 'quarantine_expires':
      return `${counted(note.rows, 'row')} in quarantine ${note.rows === 1 ? 'leaves' : 'leave'} it permanently from ${note.at.slice(0, 10)} on, as keep_quarantined sets. See ${note.rows === 1 ? 'it' : 'them'}: hygge quarantine show ${entityArgument(note.flow, note.entity)}`;
    case 'quarantine_expired':
      return `${counted(note.rows, 'row')} in quarantine ${note.rows === 1 ? 'was' : 'were'} older than ${note.after} and ${note.rows === 1 ? 'was' : 'were'} removed, as keep_quarantined says`;
    case 'nothing_in_quarantine':
      return nothingTaken(note);
    case 'mended_rows_stay': {
      const rules = Object.entries(note.rules).map(([rule, rows]) => `${rule}: ${count(rows)}`);
      return `${counted(note.rows, 'mended row')} still ${note.rows === 1 ? 'breaks' : 'break'} a rule, so ${note.rows === 1 ? 'the row in quarantine stays' : 'the rows in quarantine stay'} as before (${rules.join(', ')})`;
    }
    case 'uncorrected':
      return `${counted(note.corrections, 'correction')} removed`;
    case 'released':
      return releasedText(note);
    case 'claim_kept':
      return `could not clean up: ${note.what} The next run cleans up.`;
    default:
      return unknown(note);
  }
}

function nothingTaken({ unreadable = 0, ofOtherRuns = 0 }: Extract<Note, { readonly code: 'nothing_in_quarantine' }>): string {
  const none = 'no such rows are in quarantine';
  if (unreadable > 0)
    return `${none}: ${unreadable === 1 ? 'the row that is' : `the ${count(unreadable)} rows that are`} there can't be read, so no rule judges ${unreadable === 1 ? 'it' : 'them'}. Correct ${unreadable === 1 ? 'it' : 'them'} in the source`;
  return ofOtherRuns === 0
    ? none
    : `${none}: the ${counted(ofOtherRuns, 'row')} there ${ofOtherRuns === 1 ? 'is' : 'are'} of other runs, which hygge journal names`;
}

/** `12 rows left the quarantine and settled`. Another note shows which rules the other rows break. */
function releasedText({ settled, dropped, older = 0 }: Extract<Note, { readonly code: 'released' }>): string {
  if (dropped > 0) return `${counted(dropped, 'row')} in quarantine ${dropped === 1 ? 'was' : 'were'} dropped`;
  const newer =
    older === 0
      ? ''
      : `; ${counted(older, 'row')} left the quarantine and did not settle, because newer rows with the same key have settled`;
  return `${counted(settled, 'row')} left the quarantine and settled${newer}`;
}

function whyRenamed({ why, where }: Extract<Note, { readonly code: 'renamed' }>): string {
  switch (why) {
    case 'too long':
      return `its name is too long for ${where}`;
    case 'reserved':
      return `${where} reserves its name`;
    case 'not allowed':
      return `${where} does not allow names like that`;
    case 'taken':
      return `${where} would not distinguish it from another column`;
    case 'case':
      return 'so its name is spelt there';
  }
}

const changesAtMost = 50;

export function changeText({ change, column, type = '', to = '', how }: ChangeTold): string {
  const what = {
    'add column': `adds column ${column} (${type})`,
    widen: `makes column ${column} ${type}`,
    'drop not null': `makes column ${column} nullable`,
    'rename column': `renames column ${column} to ${to}`,
  };
  return `${what[change]}${how === 'rewrites' ? ': every row there is rewritten' : ''}`;
}

const whyNotStarted: Readonly<Record<Extract<Note, { readonly code: 'not_started' }>['why'], string>> = {
  stopped: 'interrupted before it started',
  earlier_failed: 'an earlier entity failed',
  run_ended: 'its run has ended',
  done_before: 'it was done before',
  held: 'another run has the entity',
};

/** The phrase for a source with rows; null: the source has no rows. */
function noneSettles(rows: number | undefined): string | null {
  if (rows === undefined) return null;
  return rows === 1 ? "the only row of the source can't settle" : `none of the ${count(rows)} rows of the source can settle`;
}

function goneRows(rows: number | null): string {
  if (rows === null) return 'the earlier content is';
  return rows === 1 ? 'the 1 row that was settled is' : `the ${count(rows)} rows that were settled are`;
}

function between(from: NotedEdge, to: NotedEdge | null): string {
  const lower = `${from.inclusive ? 'from' : 'above'} ${from.text}`;
  return to === null ? `${lower} on` : `${lower} ${to.inclusive ? 'to' : 'to before'} ${to.text}`;
}

/** For a note of a later version, the code and the subject are shown. */
function unknown(note: never): string {
  const { code, ...params } = note as { readonly code: string };
  const named = Object.entries(params).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return named.length === 0 ? code : `${code} (${named.join(', ')})`;
}

/** The most rules that a line names. */
const mostNamed = 5;

/** The rules in order of broken rows, the most first. */
function brokenRules(all: readonly BrokenRule[]): readonly string[] {
  const named = all.length <= mostNamed ? all : all.toSorted((a, b) => b.rows - a.rows).slice(0, mostNamed);
  return [...named.map(brokenRule), ...(all.length > mostNamed ? [`and ${counted(all.length - mostNamed, 'more rule')}`] : [])];
}

/** `email is one (email): 12, looking like "a@a", since 2026-11-20`. Samples show only the form of values. */
function brokenRule({ rule, column, rows, samples = [], since }: BrokenRule): string {
  const like = samples.length === 0 ? '' : `, looking like ${samples.map((text) => JSON.stringify(text)).join(' ')}`;
  return `${rule}${column === null || rule.includes(column) ? '' : ` of ${column}`}: ${count(rows)}${like}${since === undefined ? '' : `, since ${since}`}`;
}

function firstThree(texts: readonly string[]): string {
  return `${texts.slice(0, 3).join(', ')}${texts.length > 3 ? ', …' : ''}`;
}

/** The phrase about rows at the source that later runs with the watermark skip. */
function correctedLater(rows: number, range: RangeToReadLater): string {
  const [they, them] = rows === 1 ? ['it is', 'it'] : ['they are', 'them'];
  return `; later runs read above ${range.column} ${range.to}: once ${they} corrected, ${readAgain(range, them)}`;
}

function namesOf({ files, more }: Pick<FilesPassedNote, 'files' | 'more'>): string {
  return more === 0 ? files.join(', ') : `${files.join(', ')} and ${counted(more, 'more file', 'more files')}`;
}

function readAgain({ flow, entity, from, to }: RangeToReadLater, what: string): string {
  const name = entityArgument(flow, entity);
  return from === null
    ? `hygge reset ${name}, then hygge go, loads everything again`
    : `hygge backfill ${name} --from ${shellWord(from)} --to ${shellWord(to)} loads ${what}`;
}

/** A full load and a backfill read only files that still exist, so the rows of deleted files are removed. */
function filesLeft({ left = 0 }: { readonly left?: number }): string {
  if (left === 0) return '';
  return `. Rows of ${counted(left, 'file')} that ${left === 1 ? 'is' : 'are'} no longer there are also removed, if they are in the replaced part: restore ${left === 1 ? 'it' : 'them'} first to keep them`;
}

function saidOf(said: string | null): string {
  return said === null ? '' : `: ${said}`;
}
