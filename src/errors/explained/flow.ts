import type { flowCodes } from '../flow-codes.ts';
import type { Explained } from './explained.ts';

/** Why runs stop, and what it looks like. */
export const flowExplained = {
  'HYG-2001': {
    why: 'Two schedules overlap, somebody works by hand while the schedule runs, or a run on another machine died and its lease has not run out yet.',
    example: {
      what: 'shop.orders is held by another run: hygge go on laptop, process 4711.',
      why: ['It holds the lease as 01K9V6Z3Q8YF.1 until 2026-11-20T08:10:00.000Z and renews it while it works.'],
      tryThis: ['Wait for it: hygge go --wait', 'If you know that it is gone for good: hygge go -e shop.orders --take-over'],
    },
  },
  'HYG-2002': {
    why: 'The folder was filled by hand or by another program, or the state folder was lost or left behind on another machine.',
    example: {
      what: 'data/lake/orders was filled by hygge before, but its state is gone.',
      why: [
        "Nothing is settled for shop.orders in files /srv/northwind/.hygge/state on laptop, while the destination's last commit is 01M7WBCT8NPS10X98J6TEFZ1KD (epoch 1).",
      ],
      tryThis: [
        'Restore the state folder from a backup, if there is one',
        'Take the destination over as it is: hygge reset shop.orders --adopt',
        'Load everything again: hygge reset shop.orders, then hygge go',
      ],
    },
  },
  'HYG-2003': {
    why: 'The destination was emptied or restored from a backup and the state was not, or the other way round.',
    example: {
      what: 'data/lake/orders is not what shop.orders last settled.',
      why: ['The state remembers commit 01M7WBE5XMWP261V749PYE13C7; the destination knows of no commit at all.'],
      tryThis: [
        'Load everything again: hygge reset shop.orders, then hygge go',
        'Go on from the destination as it is: hygge reset shop.orders --adopt',
        'If it was restored from a backup, restore the state of the same moment',
      ],
    },
  },
  'HYG-2004': {
    why: 'Somebody tidied up in the destination, or a lifecycle rule deleted old files.',
    example: {
      what: '1 settled file is missing in data/lake/orders.',
      why: [
        'Gone or changed: 00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet. Adding new rows on top would be green but wrong.',
      ],
      tryThis: [
        'Put the files back',
        'Load everything again: hygge reset shop.orders, then hygge go',
        'Accept what is left: hygge reset shop.orders --adopt',
      ],
    },
  },
  'HYG-2005': {
    why: 'The run that decided the commit was cut off, and its staging folder was deleted before another run could finish it.',
    example: {
      what: 'A commit of shop.orders was decided, but some of its staged parts are gone from data/lake/_hygge/shop/orders/staging.',
      why: [
        'Somebody emptied the staging area or the destination between the decision and the commit. Nothing of that commit was published.',
      ],
      tryThis: ['Put the staging area back, if you have it', 'Give that commit up: hygge reset shop.orders --discard, then hygge go'],
    },
  },
  'HYG-2066': {
    why: 'Before it decides, a run looks whether it may publish. What is withdrawn in the moment after that, or what only the commit itself can tell, is met here.',
    example: {
      what: 'data/lake/orders refused for good what shop.orders had decided to commit, and it was given up.',
      why: [
        'HYG-4003 No permission: publishing /srv/data/lake/orders/00000000000000000007-k2x-00000-000-a1.parquet was refused. hygge runs as etl.',
        'Nothing of it is visible, and what had settled in data/lake/orders before is as it was.',
      ],
      tryThis: [
        'Give etl the right to read and write in /srv/data/lake/orders.',
        'Run hygge as the user who owns that folder.',
        'Then hygge go -e shop.orders: it begins anew from what is settled',
      ],
    },
  },
  'HYG-2069': {
    why: 'The first file of a commit was published, and then a right was withdrawn or a folder became another mount.',
    example: {
      what: 'A decided commit of shop.orders is published in data/lake/orders only in part.',
      why: [
        'HYG-4003 No permission: publishing /srv/data/lake/orders/day=2026-11-20/00000000000000000007-k2x-00000-001-a1.parquet was refused.',
        'hygge runs as etl.',
        'Readers of the folder may have seen that part, so each run tries to publish the rest.',
      ],
      tryThis: [
        'Give etl the right to read and write in /srv/data/lake/orders/day=2026-11-20.',
        'Run hygge as the user who owns that folder.',
        'Then hygge go -e shop.orders: it finishes the commit, and goes on',
        'Or take back what is published of it: hygge reset shop.orders --discard',
      ],
    },
  },
  'HYG-2086': {
    why: 'Both targets name the same `state`, or a workspace lost its targets and kept their state.',
    example: {
      what: 'shop.orders was settled for target dev, and this run is for target prod.',
      why: [
        'Both keep their state in files /srv/northwind/.hygge/shared/state on laptop: prod would go on where dev ended, and never load what came before.',
      ],
      tryThis: [
        'Give prod a state of its own: remove `state` from the target, or name another place there',
        'If dev was meant: hygge go --target dev',
        'To go on with this state for prod, and no more for dev, loading all of it anew: hygge reset shop.orders, then hygge go -e shop.orders',
      ],
    },
  },
  'HYG-2080': {
    why: 'The commit was stuck, its parts were lost, or an error stopped it again and again, until somebody gave it up.',
    example: {
      what: 'A decided commit of shop.orders was given up by hygge reset --discard.',
      why: [
        'HYG-2005 A commit of shop.orders was decided, but some of its staged parts are gone from data/lake/orders.',
        'Nothing of it is visible, and what had settled in data/lake/orders before is as it was.',
      ],
      tryThis: ['hygge go -e shop.orders: it begins anew from what is settled'],
    },
  },
  'HYG-2006': {
    why: 'A machine slept, hung or lost its network for longer than its lease, or somebody used `--take-over`.',
    example: {
      what: 'shop.orders was claimed by a later run while this one was away.',
      why: ['This run ends; what it staged is removed by the later one.'],
      tryThis: ['Nothing: the later run goes on. See hygge status'],
    },
  },
  'HYG-2007': {
    why: 'A path, a connection or `watermark.column` was changed in the config after rows had settled.',
    example: {
      what: 'The source of shop.orders is not the one that its settled rows came with.',
      why: ['Settled: local data/inbox/orders.parquet', 'Configured now: local data/archive/orders.parquet'],
      tryThis: [
        'If it is not meant, change it back',
        'Load everything again: hygge reset shop.orders, then hygge go',
        'Keep what is settled and go on: hygge reset shop.orders --adopt',
      ],
      where: { file: 'flows/shop/flow.yml', line: 2, column: 1, text: 'home: data/archive/{entity}.parquet' },
    },
  },
  'HYG-2008': {
    why: 'A fault in hygge or in a connector.',
    example: {
      what: '200,000 rows of shop.orders were read, but 199,999 were written.',
      why: ['Every row that is read must be written. The run was stopped before anything became visible.'],
      tryThis: ['Run it again with -v and report what it prints: this is a fault in hygge or in a connector'],
    },
  },
  'HYG-2009': {
    why: 'A fault in hygge or in a connector.',
    example: {
      what: 'Column "price" of shop.orders had 12 nulls when read and 13 when written.',
      why: ['A value was lost or made on the way. The run was stopped before anything became visible.'],
      tryThis: ['Run it again with -v and report what it prints: this is a fault in hygge or in a connector'],
    },
  },
  'HYG-2010': {
    why: 'The source fills the column only later, or never for some rows.',
    example: {
      what: '7 rows of shop.orders have no updated_at.',
      why: ['An incremental run could never find them again.'],
      tryThis: [
        'watermark.nulls: include reads them again each run and replaces them',
        'watermark.nulls: exclude leaves them out',
        'Choose a column that is always filled',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2011': {
    why: 'The column was renamed in the source, is misspelt, or is left out by `columns` or `exclude`.',
    example: {
      what: 'The source of shop.orders has no column "placed_on".',
      why: ['It has: order_id, placed_at, customer_id, product, quantity, price_dkk'],
      tryThis: ['Name one of them in watermark.column (names are the source’s, as they are spelled there)'],
      where: { file: 'flows/shop/entities/orders.yml', line: 2, column: 7, text: 'name: orders' },
    },
  },
  'HYG-2012': {
    why: 'A column was added, removed or changed in the source.',
    example: {
      what: 'The source of shop.orders has another schema than what is settled.',
      why: ['column amount was int64 and is string now: the run stops (type_changes: fail)'],
      tryThis: [
        'Take the source as it is now: hygge schema accept shop.orders',
        'Or say what should become of such changes: schema_evolution: { type_changes: widen, cast or new_column }',
        'Or change the source back',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2065': {
    why: 'A download saved an error page or `{"error": …}` under the usual name, an export lost its header or changed its delimiter, or a path names another table.',
    example: {
      what: 'The source of shop.orders has none of the 3 columns that it had when it settled.',
      why: ['It lacks id, customer, total', 'It has <!DOCTYPE html> instead'],
      tryThis: [
        'Look at it: is it an error page, does it lack its header, has it another delimiter?',
        'If it is meant, take it as it is: hygge schema accept shop.orders',
        'If its columns come and go: schema_evolution: { remove_columns: ignore }',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2068': {
    why: 'An export failed half-way, a table is being filled anew at its source, or somebody emptied it.',
    example: {
      what: 'The source of shop.orders has no rows, and lake/orders holds 1,200 rows.',
      why: ['A full load would leave the destination empty, and on_empty is fail.'],
      tryThis: [
        'Look at the source: was it emptied by mistake, or is it not filled yet?',
        'If it is meant to be empty: on_empty: replace',
        'on_empty: keep leaves the destination as it is, without an error',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2013': {
    why: 'Files of different shape lie in one folder.',
    example: {
      what: 'Two pieces of shop.orders have different schemas.',
      why: ['column price is int64, was float64'],
      tryThis: ['Move files of different shape in entities of their own', 'Make the files agree'],
    },
  },
  'HYG-2014': {
    why: 'A key is set that needs another kind of store, such as `write_strategy: merge` with plain files.',
    example: {
      what: 'data/lake/orders cannot merge by key.',
      why: ['It adds and replaces whole files; stores that merge are databases and table formats.'],
      tryThis: ['Change the flow so that the store can do it, or choose another store'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2025': {
    why: 'The column was renamed or dropped at the source, or left out with `exclude`.',
    example: {
      what: 'The source of shop.customers has no column "email", which is to be masked.',
      why: ['It has: id, mail, city', 'If it has another name now, its values would settle as they are.'],
      tryThis: ['Correct polish.mask.columns: names are the source’s, as they are spelled there'],
    },
  },
  'HYG-2026': {
    why: 'A number of a customer looks like a text.',
    example: {
      what: 'The column "phone" of shop.customers is no text, of which the first characters could stay.',
      why: ['It is int64.'],
      tryThis: ['Mask it with hash, or with null'],
    },
  },
  'HYG-2073': {
    why: '`watermark.key` was misspelt, or polish leaves the column out.',
    example: {
      what: 'shop.orders merges by order_id, which is not among the columns that settle.',
      why: ['watermark.key tells which rows are there already; it has to be in the destination to be compared.'],
      tryThis: ['Name columns of the source in watermark.key, and let them settle', 'Or take watermark.key away; rows are then added'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2102': {
    why: 'The source keeps the zeros that a number was written with, and a row was written again with other zeros.',
    example: {
      what: 'Key column id of shop.orders is read as text and holds the number 5.000, which can be written in several ways.',
      why: [
        'By their texts 5, 5.0 and 5.000 are three keys of one number: a merge would settle a row several times. Nothing was committed.',
      ],
      tryThis: [
        'Let it settle as a number: schema_overrides: { id: "decimal(38, 10)" }, with as many digits as its values have',
        'Then load everything anew, where rows have settled already: hygge go -d -e shop.orders',
      ],
    },
  },
  'HYG-2074': {
    why: 'The column is no key: rows that are new, or of another kind, have no value in it.',
    example: {
      what: '2 rows of shop.orders have no order_id, by which rows are merged.',
      why: ['A null is equal to no other: such a row would be inserted once more by every run that reads it. Nothing was committed.'],
      tryThis: [
        'Give the rows a order_id in the source',
        'Or name columns in watermark.key that every row has a value in',
        'Or take watermark.key away and load everything again once: hygge go -d -e shop.orders',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2075': {
    why: 'Somebody else writes into the same table, or edited rows that hygge settled.',
    example: {
      what: '3 rows in erp dbo.orders have updated_at 2026-11-20T08:00:00.000000, and 2 settled with it.',
      why: [
        'The rows at the watermark were to be replaced: by value, since nothing else tells them from others. What others added or changed must not go with them. Nothing was committed.',
      ],
      tryThis: [
        'Take away what others put there with that value, or put back what they took',
        'Or let a column tell whose rows are whose, store: { mark_column: … }, and load everything again once',
      ],
    },
  },
  'HYG-2076': {
    why: '`if_exists: append` put rows into a table of somebody else, and then they were to be loaded anew.',
    example: {
      what: 'erp dbo.orders holds 1,204 rows of others beside those of shop.orders, and nothing tells them apart.',
      why: ['This run deletes rows that settled before, and must not delete any other.'],
      tryThis: [
        'Move the rows of others to a place of their own',
        'if_exists: replace takes the whole place over, their rows included',
        'Or let a column tell whose rows are whose from the first load on: store: { mark_column: … }',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2015': {
    why: '`run_type: incremental` without a watermark, at a home that is not made of files.',
    example: {
      what: 'shop.orders is to run incrementally, but nothing tells its new rows from old ones.',
      why: ['It has no watermark, and its home does not read files.'],
      tryThis: ['Give it watermark: { column: … }', 'Or run_type: full_drop'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: { type: warehouse }' },
    },
  },
  'HYG-2016': {
    why: 'The workspace was copied to another machine or folder without its `.hygge/`, or two workspaces settle into one place.',
    example: {
      what: '/srv/lake/orders was filled by a hygge that keeps its state in files /srv/northwind/.hygge/state on laptop.',
      why: [
        "Nothing is settled for shop.orders in files /tmp/copy/.hygge/state on laptop, while the destination's last commit is 01M7WBAP7T6DJBHMC71ZDT95F8 (epoch 1).",
      ],
      tryThis: [
        'Run it with the state it was filled with: files /srv/northwind/.hygge/state on laptop',
        'Take the destination over as it is: hygge reset shop.orders --adopt',
        'Load everything again: hygge reset shop.orders, then hygge go',
      ],
    },
  },
  'HYG-2017': {
    why: 'The entity has nothing to reset, the watermark cannot be read as a value of its column, or a decided commit must be finished or given up first.',
    example: {
      what: 'shop.orders: there is no decided commit to give up.',
      why: ['Nothing is pending for it.'],
      tryThis: ['hygge status shows what it last settled', 'hygge reset without --discard makes the next run a full load'],
    },
  },
  'HYG-2019': {
    why: 'A file that was taken is written again: an export that repeats, or a log that grows.',
    example: {
      what: 'data/orders/2026-11-02.parquet changed after shop.orders took it.',
      why: ['Its rows are settled already, and changed_files is fail.'],
      tryThis: [
        'changed_files: replace settles the new rows in place of the old',
        'changed_files: append adds the whole file again',
        'changed_files: ignore leaves it',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2020': {
    why: 'Ctrl-C, or a SIGTERM from the system or scheduler.',
    example: { what: 'Stopped by SIGINT before anything was decided: nothing changed.', why: [], tryThis: ['hygge go starts it again'] },
  },
  'HYG-2021': {
    why: 'The column is misspelt, was renamed in the source, is left out by `columns` or `exclude`, or is named as polish would name it.',
    example: {
      what: 'The source of shop.orders has no column "order_no", of which the hash id "row_id" is to be made.',
      why: ['It has: OrderNo, placed_at, customer_id'],
      tryThis: ['Did you mean "OrderNo"?', 'Correct polish.hash_ids: from_columns are the source’s names, as they are spelled there'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2022': {
    why: 'The source got a column of that name, or had one all along.',
    example: {
      what: 'Two columns of shop.orders would settle as "source": the source’s column "Source" and the added column "source".',
      why: ['One of the two would be lost; capital and small letters count as the same, since databases do not tell them apart.'],
      tryThis: ['Give the added column another name in polish', 'Or leave the source’s column out with home.exclude'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2023': {
    why: 'A number became a text, or a text a longer number: some of the new values have no exact counterpart in the old type.',
    example: {
      what: "2 values of amount can't settle as int64 without a change.",
      why: ['The source has string now, such as "12.50", "n/a".', 'Read from data/orders/2026-11.parquet.'],
      tryThis: [
        'Settle the new values beside the old: schema_evolution: { type_changes: new_column }',
        'Or correct them in the source',
        'Or leave the column out: exclude of the home',
      ],
    },
  },
  'HYG-2024': {
    why: 'What was planned has happened at the source in another way, or the column is misspelt.',
    example: {
      what: "The migrations of shop.orders can't be done to its source.",
      why: ['cast: there is no column amuont to settle as decimal(18,2)'],
      tryThis: ['Correct migrations, or take out what has been done at the source meanwhile'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2071': {
    why: 'The folder of a flow or the name of an entity was changed, or a flow was copied and its store was not changed.',
    example: {
      what: 'data/lake/orders holds what shop.orders settled.',
      why: ['Nothing is settled for store.orders yet, and two entities must not count the same files as theirs.'],
      tryThis: [
        'If store.orders is the new name of shop.orders, carry it over: hygge state mv shop.orders store.orders',
        'Give store.orders a place of its own: store: { path: … }, in a database store: { table: … }',
      ],
      where: { file: 'flows/store/flow.yml', line: 2, column: 1, text: 'store: data/lake' },
    },
  },
  'HYG-2072': {
    why: 'Somebody wrote into a file of the store, or a disk gave back something else than was written.',
    example: {
      what: '1 settled file was edited in data/lake/orders.',
      why: ['Its content is not what settled, by checksum: 00000000000000000001-pysnfdcwmh-00000-000-lsnq2mivhf.parquet.'],
      tryThis: [
        'Put the file back as it was',
        'Load everything again: hygge reset shop.orders, then hygge go',
        'Take them as they are now: hygge reset shop.orders --adopt',
        'See all of it: hygge verify shop.orders --settled',
      ],
    },
  },
  'HYG-2077': {
    why: 'A column of the source is new or has another type, and the table is one that hygge may not alter so: another store, a view or a key in the way. Or rows of another table point at those that the run would delete.',
    example: {
      what: "sales dbo.orders can't add column email (string).",
      why: ['The rows do not fit its columns as they are, and this store does not change them so.'],
      tryThis: [
        'Change the table by hand, and run again',
        'Or load it anew: hygge go -d',
        'Or keep the columns as they are: schema_evolution: { add_columns: ignore, type_changes: fail }',
      ],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2078': {
    why: 'Rows are to be added to a table that somebody else made, or that was altered since: its columns have other types, fill themselves, or want values.',
    example: {
      what: 'Column created_by of sales dbo.orders has to have a value, and the source has no such column.',
      why: ['It is varchar(20) not null, without a default.'],
      tryThis: ['Give the column a default there, or let it be null', 'Or let polish add it: polish: { constants: … }'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
  'HYG-2079': {
    why: 'The identity may read and write rows, and the run also has to make or alter the table.',
    example: {
      what: 'hygge may not alter sales dbo.orders.',
      why: ['Its columns have to change before the rows fit.'],
      tryThis: ['Grant ALTER to the identity that the connection uses', 'See what it may do: hygge debug'],
      where: { file: 'flows/shop/flow.yml', line: 1, column: 1, text: 'home: data/orders' },
    },
  },
} as const satisfies Explained<typeof flowCodes>;
