import type { Codes } from './entry.ts';

/** Why a REST API can't be read. */
export const apiCodes = {
  'HYG-3601': {
    title: 'The API refuses the request',
    meaning: 'The API refused the request: it does not know the path or a parameter, or a value is wrong.',
    why: '`endpoint`, `params`, `pagination` or `window` do not fit the API.',
    tryThis: [
      'Compare `endpoint`, `params`, `pagination` and `window` with the documentation of the API.',
      'Look at the first page: `hygge debug`.',
    ],
  },
  'HYG-3602': {
    title: 'The answer is not a page of records',
    meaning:
      'The API answered with status 200, and its body is not the expected JSON: a page of HTML, a document that is cut off, or no records at their place.',
    why: 'A login page or a proxy answered in place of the API, the answer was cut off, or `records` does not name the place of the records.',
    tryThis: ['Look at the first page: `hygge debug`.', 'Set `records` to the place of the records in the body.'],
  },
  'HYG-3603': {
    title: 'The answer holds an error',
    meaning:
      'The API answered with status 200, and the body has an error where `error_at` says that errors are, or without `error_at` in `error` or `errors`, also next to records. Or it says that it stopped before it had all of them: `incomplete_results: true`, `timed_out: true`, `_shards.failed`.',
    why: 'Some APIs report every error this way: an unknown parameter, a missing right, a limit.',
    tryThis: [
      'Read what the API says, and compare the request with its documentation.',
      'If it is not an error, name the place where the API has errors: `error_at`.',
    ],
  },
  'HYG-3604': {
    title: 'The pages have no end',
    meaning:
      'The API gave a page or a cursor a second time, or empty pages that never end. Reading on would never end, or take records twice. Nothing was committed.',
    why: 'The API does not know the parameter of `pagination` and ignores it, or it gives the last page again.',
    tryThis: ['Compare `pagination` with the documentation of the API: the type, the parameter, what ends the list.'],
  },
  'HYG-3605': {
    title: 'The pages shifted while they were read',
    meaning:
      'Records were added or removed while the pages were read, so the run can’t prove that it has read each record. A page does not begin where the previous one ended, or the number of records changed. Or 20 pages in a row had no new record. Nothing was committed.',
    why: 'The list is changed while it is read, and the API counts positions in it.',
    tryThis: [
      'Run again: a list that stands still for the time of a run is read.',
      'Use a cursor, or `pagination: { type: keyset }`, where the API has one of them.',
      'Bound the list by `window.from` and `window.to`, or sort it by a column that never changes.',
    ],
  },
  'HYG-3606': {
    title: 'The answer is too large',
    meaning:
      'The body of an answer has more than 64 MB, after it was decompressed, or a record in it more than 32 MB. Reading stopped there.',
    why: 'The API gives all records in one answer, or something else answers in its place.',
    tryThis: ['Ask for smaller pages: `pagination.page_size` with `size_param`.'],
  },
  'HYG-3607': {
    title: 'The API leads to another origin',
    meaning:
      'The next page, or a redirect, is an address of another origin than `base_url`. It was not asked, since a stranger could get the token or give other records.',
    why: 'The API is behind another name, or moved; or the answer is not from the API.',
    tryThis: [
      'Set `base_url` to the address that the API has now.',
      'If the other origin belongs to the API, list it in `origins`; it gets no token.',
    ],
  },
  'HYG-3608': {
    title: 'The API shows no time',
    meaning: 'The run reads up to the time of the API, and its answer has no header `Date` that is a time.',
    why: 'The API, or a proxy before it, leaves the header out.',
    tryThis: ['Set `clock: none`, with `watermark.lag` and `boundary: open`.'],
  },
  'HYG-3609': {
    title: 'The answer is a part of the list',
    meaning:
      'The config expects one answer, and the answer shows that more records follow: by a link or a cursor to a next page, or by a larger number of records. Nothing was committed.',
    why: 'The API gives its list in pages, and `pagination` is not set, or is `none`.',
    tryThis: [
      'Set `pagination` as the documentation of the API says. The message proposes one.',
      'If the one answer is all that is wanted: `pagination: { type: none, ignore_next: true }`.',
    ],
  },
  'HYG-3610': {
    title: 'The API does not tell its limit',
    meaning:
      '`budget` is a share of the limit that the API tells, and its answer tells none. Without it hygge can not know when the budget is used up.',
    tryThis: ['Set a number of requests a day: `budget: 5000`.', 'Look up the limit in the documentation of the API.'],
  },
  'HYG-3611': {
    title: 'Pages begin with another number',
    meaning:
      'APIs count pages from 1 or from 0 (`pagination.start`). The first requested page says that another page comes before it, or that the next one is two numbers further. Or page 0, which a first load requests where `start` is not set, has records that page 1 does not have. Or each page begins with the second record of the page before, so that the number is a position. Records would be left out, or read twice. Nothing was committed.',
    why: '`start` is not the number of the first page of this API, or the parameter takes the number of records to leave out.',
    tryThis: [
      'Set `pagination.start` to 0 or 1, as the documentation of the API has it.',
      'If the parameter takes a position: `pagination: { type: offset, param: page }`.',
    ],
  },
  'HYG-3612': {
    title: 'The list ends before its end',
    meaning:
      'No further page is known, or further pages have no record. The answers say that more records follow: by `has_more: true`, a next address or cursor, or a larger number of records or pages. Or two of these contradict each other. Nothing was committed.',
    why: 'The API stopped in the middle, `pagination` does not fit it, the account may not read all records, or the member of that name is about something else.',
    tryThis: [
      'If the sign is about something else, the message has the `pagination` that ignores it: `ignore: [total]`.',
      'Compare `pagination` with the documentation of the API: the type, the parameter, what ends the list.',
      'Run again: an API that stopped in the middle may give the rest.',
    ],
  },
  'HYG-3613': {
    title: 'A link without an address that can be read',
    meaning:
      'The header `Link` of an answer has a link with `rel="next"`, so more records follow. Its address can’t be read: it is empty or not between `<` and `>`, or the link belongs to another resource (`anchor`). Nothing was committed.',
    why: 'The API, or a proxy before it, writes the header in another way than RFC 8288 has it.',
    tryThis: [
      'If the body has the address too: `pagination: { type: next_url, at: links.next, ignore: [next] }`.',
      'Read the pages by number, if the API has one: `pagination: { type: page, ignore: [next] }`.',
    ],
  },
  'HYG-3614': {
    title: 'The API asks for too long a pause',
    meaning: 'The API requires a longer wait than `max_wait` (24 hours by default). The run does not wait for it. Nothing was committed.',
    why: 'A monthly quota is used up, the account is locked, or the API sends a wrong time in `Retry-After` or in the header with the reset time of its limit.',
    tryThis: [
      'Look up in the account at the API whether a quota is used up.',
      'Run again later: the next run continues from what has settled.',
    ],
  },
  'HYG-3620': {
    title: 'A private key that can not be used',
    meaning:
      'The key in `auth.private_key` signs what hygge shows to get a token. It could not be read, or it does not fit the algorithm. Nothing was sent.',
    why: 'The key is cut off, has a passphrase, is a public key or a certificate, has another format than PEM, or is of another kind than the algorithm needs.',
    tryThis: [
      'Set `auth.private_key` to the whole text of a PEM file: RSA with at least 2048 bits, or EC of the curve P-256, without a passphrase.',
      'In a variable, line breaks may be written as `\\n`, or the whole file may be encoded in base64.',
    ],
  },
  'HYG-3621': {
    title: 'Refresh tokens that change',
    meaning:
      'The server gave a new refresh token together with the token, which ends the one in the config. Without `auth.kept_in` hygge has no place to keep the new one, so it stops at the first time, before it reads anything.',
    why: 'The server rotates refresh tokens: each one is good for one use.',
    tryThis: [
      'Keep the refresh token in AWS Secrets Manager: `auth.kept_in`. Other vaults take no write by condition.',
      'Or switch the rotation of refresh tokens off for this client, at the server. Then authorize hygge again: the refresh token in the config may have ended.',
      'Or use `grant: client_credentials` or `grant: jwt_bearer`, which need no refresh token.',
    ],
  },
  'HYG-3622': {
    title: 'No refresh token in the vault',
    meaning: 'The secret that `auth.kept_in` names does not exist, was deleted, or has no text.',
    why: 'The name or the region is another one, or the secret has not been created yet. hygge creates no secrets.',
    tryThis: ['Create the secret with the refresh token as its text.', 'Check `auth.kept_in`: the region and the name.'],
  },
  'HYG-3623': {
    title: 'No time for a refresh',
    meaning:
      'One process refreshes at a time. The time that a process has for it was over, or other processes were at it all the time. The refresh token is kept.',
    why: 'The server that gives out tokens is slow or can not be reached, or a process ended in the middle of a refresh.',
    tryThis: ['Run again.', 'Check `auth.token_url`: `hygge debug`.'],
  },
  'HYG-3624': {
    title: 'The answer says that it failed',
    meaning:
      'The API answered with status 200. A member next to the records says that the request failed or that records are missing: `success: false`, `status: error`, `partial: true`, or a message next to null. Nothing was committed.',
    why: 'Some APIs answer with status 200 whatever happens, and say in the body what went wrong.',
    tryThis: [
      'Read the message, and compare the request with the documentation of the API. If the API was in trouble, run again later.',
      'If the API answers so where all is well, name the member: `ignore_members: [success]`.',
    ],
  },
  'HYG-3625': {
    title: 'An empty page that differs from other pages',
    meaning:
      'A page without records has other members, words or booleans than the pages with records: `mode: degraded` in place of `mode: live`, or a warning. It came twice. Taken as an empty list, it would leave rows out. Nothing was committed.',
    why: 'The API was in trouble, or it describes the end of its lists in words that hygge does not know.',
    tryThis: [
      'Look at the answer, and compare it with the documentation of the API. If the API was in trouble, run again later.',
      'If the API answers so where a list is empty or ends, name the members: `ignore_members: [mode]`.',
    ],
  },
  'HYG-3630': {
    title: 'The window does not fit the watermark column',
    meaning:
      'The API filters by the watermark column, and a value of this column can not be written as `window.format` says, or the column has no steps such as `window.slice`. Without a bound the API would give all records at each run.',
    why: 'The column is a text or a number and the format is one of times, or it is a time and the format is `number`. Or its numbers are milliseconds and the format counts seconds, or the reverse.',
    tryThis: [
      'Declare a column of times: `types: { updated_at: timestamptz }`.',
      'For an integer set `window.format` to `number`, or to `epoch_s` or `epoch_ms` where it counts seconds or milliseconds since 1970.',
    ],
  },
  'HYG-3631': {
    title: 'The list does not begin with the newest record',
    meaning:
      'The config has `order: newest_first`, and on a page a record has a later watermark than one before it, or has none. A run that stops at the first page below its window would miss records. Nothing was committed.',
    why: 'The API sorts by another field, such as the time of creation, or takes a parameter for the order that `params` does not have.',
    tryThis: [
      'Have the API sort by the watermark column, descending: `params: { sort: updated, direction: desc }`.',
      'Or choose the column that the API sorts by as `watermark.column`, if it changes with each change of a record.',
      'Or take `order` away: each run then reads the whole list.',
    ],
  },
  'HYG-3632': {
    title: 'More records than the API lists',
    meaning:
      'The API lists at most `window.cap` records of one request. A window with as many is halved, and this one can not be: it is as short as the API tells times apart, or the run reads without a window. Records behind the cap would be missed. Nothing was committed.',
    why: 'Many records were written at the same time, as by an import, or a full load has no watermark that divides it.',
    tryThis: [
      'Set `window.format` to a finer form where the API has one: `iso_ms`.',
      'Divide the list by a parameter, into several entities: `params: { state: open }`.',
      'Set `watermark` also for full loads, so that there is a window.',
    ],
  },
  'HYG-3633': {
    title: 'A list inside a record is cut',
    meaning:
      'A record has a list inside it, and `has_more: true` next to the list says that the API has more items than it shows there. The items that are not shown would be missing where the record settles. Nothing was committed.',
    tryThis: [
      'If the items that the record shows are enough, or the list is read by an entity of its own: `cut_lists: take`.',
      'Read the whole lists as an entity of their own, with `from`: `endpoint: "invoices/{id}/lines"`. The manifest of a system may have one: `invoice_lines`.',
    ],
  },
  'HYG-3634': {
    title: 'The window leaves out records that are there',
    meaning:
      'Before the first increment trusts `window`, it asks the API for some records that the API has just shown, each by a window around its own watermark. The API left out one of them, and still shows it without the filter. New records would be missed in the same way. Nothing was committed. What was proven is remembered, until the keys of the home change.',
    why: 'The API reads bounds in another zone than UTC, cuts them to the day, or has another name for a parameter; or a text in `open` closes a bound.',
    tryThis: [
      'If the API reads bounds in local time, name its zone: `window: { …, zone: America/New_York }`.',
      'If it compares days alone: `window: { …, format: date }`. If it has a form of its own, write it: `format: "%Y/%m/%d %H:%M"`.',
      'If one expression has both bounds, open each by its own text: `open: { from: "1970-01-01", to: "2999-12-31" }`.',
      'If it filters by another field, name that field: `window: { …, filters: generated_at }`. This needs `watermark.key` and a store that merges.',
      'Then read what earlier runs may have missed: `hygge go -d`.',
    ],
  },
  'HYG-3635': {
    title: 'The API filters by another field than the watermark',
    meaning:
      'The API returned a record whose watermark is below the requested window, and a filter by the watermark does not explain it. hygge would leave the record out, and never see it again. Nothing was committed.',
    why: 'The parameter of the filter compares a field such as `generated_timestamp` (Zendesk), which changes more often than the `updated_at` of the record.',
    tryThis: [
      'If records have the field that the API filters by, make it the watermark, and load again: `hygge reset`.',
      'Or name it: `window: { …, filters: generated_at }`. Then each record that the API gives settles. This needs `watermark.key` and a store that merges.',
      'If the API compares days alone: `window: { …, format: date }`.',
    ],
  },
  'HYG-3636': {
    title: 'A cache gave an answer that is too old',
    meaning:
      'A cache returned an answer that is older than the upper bound of the run, although the request wanted a fresh one (`Cache-Control: no-cache`). The header `Age` shows it, or a header `Date` that is older than that of the first page. Rows that came since are not in it, and the next run would begin above them. Nothing was committed.',
    why: 'A proxy or a content delivery network answers for the API and ignores `Cache-Control` of requests.',
    tryThis: [
      'Set a lag that is longer than the cache keeps answers: `watermark: { column: updated_at, lag: 10m }`.',
      'Or ask for addresses that are not cached: a `base_url` of the API itself.',
    ],
  },
  'HYG-3638': {
    title: 'The field of the filter does not follow changes',
    meaning:
      '`window.filters` names the field that the API filters by, and a record was changed (its watermark) more than an hour after that field. So a change does not move the field, and no increment would get the record again. Nothing was committed.',
    why: 'The API filters by the time of creation.',
    tryThis: [
      'If the API has a parameter for the time of the change, name it in `window.from`, and leave out `filters`.',
      'Or read the whole list in each run, into a store that merges by `watermark.key`: leave out `window`.',
    ],
  },
  'HYG-3640': {
    title: 'The rows of a parent can not be read',
    meaning:
      'The API answered 403, 404, 410 or 451 for the rows of a parent. This concerns all parents of the run, a parent with `missing: fail`, or a parent in a backfill or a comparison, which would treat its rows as deleted. Or it answered 403 or 451 in a full load, which would remove the rows of a parent that could be read before.',
    why: 'The account lost the right to read the parent, or the parent was removed after it was listed.',
    tryThis: [
      'Give the account the right to read the parents, or leave them out of the list of parents: `params` of their entity.',
      'With `missing: fail`, if only some parents can be read: `missing: warn` or `missing: ignore`. In a full load, `missing: ignore` lets their settled rows go.',
    ],
  },
  'HYG-3641': {
    title: 'A field of the parent is missing, or its name is taken',
    meaning:
      'A record of the parent has no text or number in a field that the request for its rows needs. Or the rows themselves have a field with the name of a column of `parent`.',
    why: '`endpoint` or `params` name a field that not each parent has, or `parent` names a column that the rows have.',
    tryThis: ['Name a field that each parent has, such as its id.', 'Choose other names for the columns in `parent`.'],
  },
  'HYG-3642': {
    title: 'A number does not say whether a record is deleted',
    meaning:
      '`deleted` names a field without `is`, and a record has the number 0 or 1 there. Some APIs write 1 for deleted records, others write 1 for live ones (`active`). Nothing was committed.',
    why: 'Without `is`, any value but null, false and an empty text marks a deleted record, which fits times and texts.',
    tryThis: [
      'If 1 marks deleted records: `deleted: { at: is_deleted, is: 1 }`.',
      'If 0 marks them, as in a field that says whether a record is live: `is: 0`.',
    ],
  },
  'HYG-3643': {
    title: 'Two parents give the same request',
    meaning:
      'Two records of the parent have the same values in the fields in braces, and different ones in the columns of `parent`. The rows would settle with the columns of one of them. Nothing was committed.',
    why: 'The fields in braces do not identify the parents: products of one category, for example. Or a record changed while the list was read, and is on two of its pages: then the next run ends well.',
    tryThis: [
      'If they are two parents, each with these rows: `parent_key: id`, a field that identifies them.',
      'If they are one parent: leave columns out of `parent` that differ.',
    ],
  },
  'HYG-3644': {
    title: 'Equal records where two pages meet',
    meaning:
      'A page begins with the records that the page before ended with. They may be the same ones, as where each page begins at the last second of the page before, or records of their own with the same values. The records have neither a key nor an id that would tell, so the run can not settle exactly those that there are. Nothing was committed.',
    why: 'Pages of the API overlap, or neighbouring records are equal.',
    tryThis: [
      'Say that pages overlap, `pagination: { overlap: records }`, or that they do not, `pagination: { overlap: none }`.',
      'Or name the field that tells records apart: `pagination: { …, key: id }`, or `watermark.key`.',
    ],
  },
  'HYG-3645': {
    title: 'A record changed where two pages meet',
    meaning:
      'A page repeats a record of the page before, with other values. The newer version should settle alone, and the earlier one was written already. Nothing was committed.',
    why: 'Pages of the API overlap, and the record was changed between two requests.',
    tryThis: ['Run again: the record is read again.'],
  },
  'HYG-3646': {
    title: 'A changed record where two pages meet, without a key',
    meaning:
      'A page has a record with the `id` of one on the page before, and other values. It may be the same record, which changed while the list was read and moved to the next page: then only the newer version is to settle. Or the list has versions of records, and each is a row. Nothing was committed.',
    why: 'The list changed while it was read, and the config names no key; or pages overlap.',
    tryThis: [
      'Name the field that tells records apart, so that the newer version settles: `pagination: { …, key: id }`, or `watermark.key`.',
      'If each record is a row of its own: `pagination: { …, overlap: none }`.',
    ],
  },
  'HYG-3647': {
    title: 'An answer that ends at a number of records',
    meaning:
      'A window has one answer, since no `pagination` is set, and the answer has a round number of records, or at least as many as the largest complete answer before. So the run asked for what would lie beyond, and the API has records of the same window that the answer lacks. Or the list begins with the newest record, and no request shows older ones. Nothing was committed.',
    why: 'The API lists so many records at most, and says nothing of further ones.',
    tryThis: [
      'If the API has further pages, say how they are requested: `pagination: { type: page }`.',
      'If it has none, have the window halved where it has as many: `window: { …, cap: 100 }`. That needs an upper bound (`window.to`).',
      'If the API lists all of its records in one answer: `pagination: { type: none, ignore_next: true }`.',
    ],
  },
  'HYG-3648': {
    title: 'A list that ends before its window does',
    meaning:
      'A list in pages lacks records of its window. The run requested what lies before the oldest record and behind the newest one, and the API gave others. Nothing was committed.',
    why: 'The API lists at most so many records of one request, such as 10,000, or only the last days where a request has no lower bound.',
    tryThis: [
      'Have the window halved: `window: { …, cap: 1000 }`.',
      'If the API lists recent records alone without a lower bound: `watermark: { column: updated_at, initial: 2000-01-01 }`.',
      'Then read what earlier runs may have missed: `hygge go -d`.',
    ],
  },
  'HYG-3650': {
    title: 'The list is inside of the answer',
    meaning:
      '`records` is not set, so the answer should be an array of records. It is an object, and has lists in it. Without the change, all of it would settle as one row. Nothing was committed.',
    why: 'Most APIs put their list into a member of an object: `data`, `items`, `results`.',
    tryThis: [
      'Set `records` to the place of the list. The message names the places that there are.',
      'If the whole object is one record: `records: "."`.',
    ],
  },
  'HYG-3660': {
    title: 'The delta link has expired',
    meaning:
      'A service of OData tells changes for a while only. The delta link that settled with the last run is older than that, so changes and deletes since then are no longer known. Nothing was read, and nothing changed.',
    why: 'Runs came less often than the service keeps changes, or the service was restored or recreated.',
    tryThis: ['Load everything again: `hygge go -d -e flow.entity`.', 'Let runs come more often.'],
  },
  'HYG-3661': {
    title: 'The changes of an entity set can not be followed',
    meaning:
      '`watermark.changes: delta_links` needs a delta link at the end of the list, and properties that have other names than the columns hygge adds.',
    tryThis: [
      'Take a property that is set at each change as watermark, if there is one: `watermark: { column: … }`.',
      'See the documentation of the service: some track changes only of entity sets where it was switched on.',
    ],
  },
  'HYG-3662': {
    title: 'A part of a record',
    meaning:
      'A record of OData lacks a requested property that the metadata names. A property without a value is written as null, so what is left out is not known; of a changed record, it has not changed. It would settle as null, over the existing value. An event may leave members of its record out as well. If the list has no empty field, it does not show how the API writes one. Nothing was committed.',
    why: 'The service tells only what changed, shows a part of the properties unless they are named, hides some from this account, or leaves out what is empty.',
    tryThis: [
      'With delta links, take a property that is set at each change as watermark: `watermark: { column: … }`.',
      'Or read the columns alone that the service always tells: `columns`.',
      'If the service leaves out what is empty: `left_out: "null"`; for events `events: { left_out: "null" }`.',
      'If events may show only a part of their records: `events: { left_out: unchanged }`.',
    ],
  },
  'HYG-3663': {
    title: 'No such entity set or property',
    meaning: 'The metadata of the service (`$metadata`) does not list what the entity asks for.',
    why: 'The name is written another way, or `base_url` is the address of another part of the service.',
    tryThis: ['Set `endpoint` to the name of the entity set, capitals and all.', 'Check `base_url`: `$metadata` lies directly below it.'],
  },
  'HYG-3664': {
    title: 'No metadata of OData v4',
    meaning: 'What the service answers at `$metadata` is not the XML that describes a service of OData v4.',
    why: '`base_url` is not the root of the service, a login page answers in its place, or the service is one of OData v2 or v3.',
    tryThis: ['Check `base_url`: `$metadata` lies directly below it.', 'Read a service of OData v2 as `type: rest_api`.'],
  },
  'HYG-3665': {
    title: 'No key to order pages by',
    meaning:
      'With `pages: client` hygge asks a service of OData for one page after another, in the order of the key. Without a key in the columns that are read there is no such order, and records could be missed.',
    why: 'The metadata names no key for the entity set, the key is in a complex value, or `columns` leaves a part of it out.',
    tryThis: ['Add the properties of the key to `columns`.', 'Remove `pages: client`, if the service leads from page to page by itself.'],
  },
  'HYG-3670': {
    title: 'More records of one value than a page has',
    meaning:
      'With `pagination: { type: anchored }` each page begins at the last value of the page before. If more records than a page has have one value, they are read by the addresses in the header `Link`. The answers of this API have no such address. Nothing was committed.',
    why: 'Many records were changed in the same second, or `page_size` is small.',
    tryThis: [
      'If the documentation of the API allows more records on a page than there are on this one, set `page_size` to the most.',
      'If it is the maximum already, read the list once by page numbers, at a time without changes: `pagination: { type: page, param: page }`, or `{ type: offset }`. The size of pages stays.',
    ],
  },
  'HYG-3680': {
    title: 'Events since the last run are gone',
    meaning:
      'An API keeps its events for a while only (`events.kept`). The last run is longer ago, so changes and deletes since then are no longer known. Nothing was read, and nothing changed.',
    why: 'Runs came less often than the API keeps events.',
    tryThis: ['Load everything again: `hygge go -d -e flow.entity`.', 'Let runs come more often.'],
  },
  'HYG-3681': {
    title: 'Events are in another order',
    meaning:
      'The later one of two events of a record settles, and the order of the list says which one that is. The list has another order than `events.order`.',
    why: '`events.order` does not fit the API, or a parameter sorts the list otherwise.',
    tryThis: ['Compare `events.order` and `events.params` with the documentation of the API.'],
  },
  'HYG-3682': {
    title: 'An event of another version of the API',
    meaning:
      'An event shows its record in the version of the API that the account had when it happened. The list shows records in another one, so fields may have other names and meanings. Nothing was committed.',
    why: 'The account has changed to another version since, or `headers` asks for a version that is not that of the account.',
    tryThis: [
      'After such a change, load everything again, as the message says: `hygge go -d` with the entity.',
      'Remove the header that asks for another version.',
    ],
  },
  'HYG-3695': {
    title: 'Not a description of an API',
    meaning:
      '`generate entities --from` reads a description of OpenAPI 3 or Swagger 2.0, as JSON or YAML, from a file or an address. Nothing was written.',
    why: 'The file is another one, such as the page that shows the description, or it is of another version.',
    tryThis: [
      'Name the description itself: it begins with `openapi: 3…` or `swagger: "2.0"`.',
      'Entities by name: `hygge generate entities --tables orders,customers`.',
    ],
  },
  'HYG-3696': {
    title: 'A description without lists',
    meaning:
      'In the description of an API, a list is a `GET` whose answer 200 is an array of objects, or an object with one. None was found that an entity could read as the flow is. Nothing was written.',
    why: 'The description names no schemas of answers, has them in other files, or each path needs a value that the flow does not have.',
    tryThis: [
      'Give values for names in paths: `home: { path_params: { shop: north } }`.',
      'Join a description in several files into one file first, with a bundler of OpenAPI.',
      'Write one entity by its endpoint, and look at it: `hygge debug`.',
    ],
  },
} as const satisfies Codes;
