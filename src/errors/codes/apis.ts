import type { Codes } from './entry.ts';

/** Why a REST API can not be read. */
export const apiCodes = {
  'HYG-3601': {
    title: 'The API refuses the request',
    meaning: 'The API does not know the path or a parameter of the request, or a value in the request is wrong.',
    tryThis: [
      'Compare `endpoint`, `params`, `pagination` and `window` with the documentation of the API.',
      'See the first page: `hygge debug`.',
    ],
  },
  'HYG-3602': {
    title: 'The answer is not a page of records',
    meaning:
      'The API answered with status 200, but the body is not the expected JSON. The body is an HTML page, is cut off, or has no records at the configured place.',
    tryThis: ['See the first page: `hygge debug`.', 'Set `records` to the place of the records in the body.'],
  },
  'HYG-3603': {
    title: 'The answer contains an error',
    meaning:
      'The API answered with status 200, but the body contains an error. hygge looks for errors at the place in `error_at`. Without `error_at`, hygge looks in `error` and `errors`, even if the body also has records. The same error occurs if the API reports that it stopped early: `incomplete_results: true`, `timed_out: true`, `_shards.failed`.',
    tryThis: [
      'Read the error of the API, and compare the request with its documentation.',
      'If that content is not an error, set `error_at` to the place of real errors.',
    ],
  },
  'HYG-3604': {
    title: 'The pages never end',
    meaning:
      'The API returned the same page or cursor again, or only empty pages. Reading would never end, or read records twice. Nothing was committed.',
    why: 'The API does not know the parameter in `pagination` and ignores it, or returns the last page again.',
    tryThis: ['Compare `pagination` with the documentation of the API: the type, the parameter, and the sign of the last page.'],
  },
  'HYG-3605': {
    title: 'The pages shifted during the read',
    meaning:
      'Records were added or removed during the read, so hygge cannot prove that it has read each record. A page does not begin where the previous page ended, or the number of records changed. Or 20 pages in a row had no new record. Nothing was committed.',
    tryThis: [
      'Run again. The read succeeds if the list does not change during the run.',
      'Use a cursor or `pagination: { type: keyset }`, if the API supports one of them.',
      'Limit the list by `window.from` and `window.to`, or sort it by a column that never changes.',
    ],
  },
  'HYG-3606': {
    title: 'The answer is too large',
    meaning: 'The body of an answer has more than 64 MB after decompression, or one record has more than 32 MB. hygge stopped reading.',
    tryThis: ['Request smaller pages: `pagination.page_size` with `size_param`.'],
  },
  'HYG-3607': {
    title: 'The API leads to another server',
    meaning:
      'The next page or a redirect has another origin than `base_url`. hygge did not request it, because another server could get the token or return other records.',
    tryThis: [
      'Set `base_url` to the present address of the API.',
      'If the other origin belongs to the API, list it in `origins`. That origin gets no token.',
    ],
  },
  'HYG-3608': {
    title: 'The API sends no time',
    meaning: 'A run reads up to the present time of the API. The answer has no header `Date` with a valid time.',
    tryThis: ['Set `clock: none`, with `watermark.lag` and `boundary: open`.'],
  },
  'HYG-3609': {
    title: 'The answer is only a part of the list',
    meaning:
      'The config expects one answer, but the answer shows that more records follow. The answer contains a link or cursor to a next page, or a larger number of records. Nothing was committed.',
    tryThis: [
      'Set `pagination` according to the documentation of the API. The message proposes a value.',
      'If one answer is enough: `pagination: { type: none, ignore_next: true }`.',
    ],
  },
  'HYG-3610': {
    title: 'The API does not report its limit',
    meaning:
      '`budget` is a share of the limit that the API reports, but the answer reports none. hygge cannot know when the budget is used up.',
    tryThis: ['Set a number of requests per day: `budget: 5000`.', 'Look up the limit in the documentation of the API.'],
  },
  'HYG-3611': {
    title: 'The first page has another number',
    meaning:
      'An API numbers its pages from 1 or from 0 (`pagination.start`). The answers do not match the configured start. For example, the first page refers to an earlier page, or page 0 has records that page 1 lacks. Or each page begins with the second record of the previous page, so the number is the position of a record. hygge would miss records or read them twice. Nothing was committed.',
    tryThis: [
      'Set `pagination.start` to 0 or 1, according to the documentation of the API.',
      'If the parameter is a position: `pagination: { type: offset, param: page }`.',
    ],
  },
  'HYG-3612': {
    title: 'The list ends too early',
    meaning:
      'The answers name no further page, or further pages have no records. But the API says that more records follow. Signs are `has_more: true`, a next address or cursor, or a larger number of records or pages. Or two of these signs contradict each other. Nothing was committed.',
    why: 'The API stopped early, or `pagination` does not fit the API. Or the account cannot read all records, or the sign has another meaning.',
    tryThis: [
      'If the sign has another meaning, use the `pagination` in the message, which ignores it: `ignore: [total]`.',
      'Compare `pagination` with the documentation of the API: the type, the parameter, and the sign of the last page.',
      'Run again, because an API that stopped early may return the rest.',
    ],
  },
  'HYG-3613': {
    title: 'A link without a readable address',
    meaning:
      'The header `Link` of an answer has a link with `rel="next"`, so more records follow. hygge cannot read its address. The address is empty or not between `<` and `>`, or the link belongs to another resource (`anchor`). Nothing was committed.',
    why: 'The API, or a proxy in front of it, writes the header in another form than RFC 8288.',
    tryThis: [
      'If the body also has the address: `pagination: { type: next_url, at: links.next, ignore: [next] }`.',
      'If the API numbers its pages: `pagination: { type: page, ignore: [next] }`.',
    ],
  },
  'HYG-3614': {
    title: 'The API requires too long a pause',
    meaning: 'The API requires a longer wait than `max_wait` (24 hours by default). The run does not wait for it. Nothing was committed.',
    why: 'A monthly quota is used up, the account is locked, or the API sends a wrong time. The API sends the time in `Retry-After`, or in the header with the reset time of the limit.',
    tryThis: [
      'Check in your account at the API whether a quota is used up.',
      'Run again later. The next run continues after the last commit.',
    ],
  },
  'HYG-3620': {
    title: 'The private key cannot be used',
    meaning:
      'hygge signs its request for a token with the key in `auth.private_key`. The key is not readable, or does not fit the algorithm. Nothing was sent.',
    why: 'The key is cut off, has a passphrase, or is a public key or a certificate. Or its format is not PEM, or the algorithm needs another kind of key.',
    tryThis: [
      'Set `auth.private_key` to the whole text of a PEM file: RSA with at least 2048 bits, or EC of the curve P-256, without a passphrase.',
      'In a variable, write line breaks as `\\n`, or encode the whole file in base64.',
    ],
  },
  'HYG-3621': {
    title: 'The server changes the refresh token',
    meaning:
      'The server returned a new refresh token, so the refresh token in the config is no longer valid. Without `auth.kept_in`, hygge cannot keep the new token. So the first run stops before it reads anything.',
    tryThis: [
      'Keep the refresh token in AWS Secrets Manager: `auth.kept_in`. Other vaults have no conditional write.',
      'Or switch the rotation of refresh tokens off for this client at the server. Then authorize hygge again, because the refresh token in the config may no longer be valid.',
      'Or use `grant: client_credentials` or `grant: jwt_bearer`, which need no refresh token.',
    ],
  },
  'HYG-3622': {
    title: 'The vault has no refresh token',
    meaning: 'The secret that `auth.kept_in` names does not exist, was deleted, or has no text.',
    tryThis: ['Create the secret with the refresh token as its text.', 'Check `auth.kept_in`: the region and the name.'],
  },
  'HYG-3623': {
    title: 'The refresh of the token took too long',
    meaning:
      'Only one process at a time refreshes the token. This process ran out of time, or other processes refreshed the token all the time. The refresh token is kept.',
    tryThis: ['Run again.', 'Check `auth.token_url`: `hygge debug`.'],
  },
  'HYG-3624': {
    title: 'The answer reports a failure',
    meaning:
      'The API answered with status 200. But a member next to the records says that the request failed or that records are missing. Such members are `success: false`, `status: error`, `partial: true`, or a message next to null. Nothing was committed.',
    tryThis: [
      'Read the message, and compare the request with the documentation of the API. If the API had a problem, run again later.',
      'If a successful answer looks the same, name the member: `ignore_members: [success]`.',
    ],
  },
  'HYG-3625': {
    title: 'An empty page that differs from other pages',
    meaning:
      'A page without records has other members, words or booleans than the pages with records. For example, it has `mode: degraded` instead of `mode: live`, or a warning. hygge got that page twice. If the list is not empty, rows would be missing. Nothing was committed.',
    tryThis: [
      'Compare the answer with the documentation of the API. If the API had a problem, run again later.',
      'If the API marks an empty list, or the end of a list, this way, name the members: `ignore_members: [mode]`.',
    ],
  },
  'HYG-3630': {
    title: 'The window does not fit the watermark column',
    meaning:
      'The API filters by the watermark column. A value of this column cannot be written in `window.format`, or the column cannot be divided into steps, such as by `window.slice`. Without a bound, the API would return all records in each run.',
    tryThis: [
      'Declare a column of times: `types: { updated_at: timestamptz }`.',
      'For an integer, set `window.format` to `number`. If the integer counts from 1970, set `epoch_s` (seconds) or `epoch_ms` (milliseconds).',
    ],
  },
  'HYG-3631': {
    title: 'The list does not begin with the newest record',
    meaning:
      'The config has `order: newest_first`, but a record has a later watermark than the record before it, or no watermark. A run stops at the first page below its window, so it would miss records. Nothing was committed.',
    tryThis: [
      'Let the API sort by the watermark column, descending: `params: { sort: updated, direction: desc }`.',
      'Or use the column that the API sorts by as `watermark.column`, if each change of a record changes it.',
      'Or remove `order`, so that each run reads the whole list.',
    ],
  },
  'HYG-3632': {
    title: 'A window has more records than the API lists',
    meaning:
      'The API lists at most `window.cap` records for one request. hygge halves a window that reaches this number. This window cannot be halved. It is already as short as possible, or the run has no window. Records above the limit would be missing. Nothing was committed.',
    tryThis: [
      'If the API has a finer time format, set `window.format` to it: `iso_ms`.',
      'Divide the list into several entities by a parameter: `params: { state: open }`.',
      'Set `watermark` for full loads too, so that there is a window.',
    ],
  },
  'HYG-3633': {
    title: 'A list inside a record is incomplete',
    meaning:
      'A record contains a list, and `has_more: true` next to the list says that the API has more items. The rows would lack these items. Nothing was committed.',
    tryThis: [
      'If the shown items are enough, or another entity reads the list: `cut_lists: take`.',
      'Read the whole lists as a separate entity, with `from`: `endpoint: "invoices/{id}/lines"`. The manifest of a system may already have such an entity: `invoice_lines`.',
    ],
  },
  'HYG-3634': {
    title: 'The window leaves out existing records',
    meaning:
      'Before the first increment, hygge tests the window. hygge requests some records again that the API has just returned, each by a window around the watermark of the record. A record was missing in the answer, although the API returns it without the filter. New records could be missing in the same way. Nothing was committed. After a successful test, hygge does not repeat the test until the keys of the home change.',
    why: 'The API reads the bounds in another zone than UTC, or cuts them to the day. Or a parameter has another name, or the API does not read a text in `open` as a missing bound.',
    tryThis: [
      'If the API reads bounds in local time, set its zone: `window: { …, zone: America/New_York }`.',
      'If the API compares only days: `window: { …, format: date }`. If the API has its own time format: `format: "%Y/%m/%d %H:%M"`.',
      'If one expression contains both bounds, set a text for each missing bound: `open: { from: "1970-01-01", to: "2999-12-31" }`.',
      'If the API filters by another field, name that field: `window: { …, filters: generated_at }`. This needs `watermark.key` and a store that merges.',
      'Then read the records that earlier runs may have missed: `hygge go -d`.',
    ],
  },
  'HYG-3635': {
    title: 'The API filters by another field than the watermark',
    meaning:
      'The API returned a record whose watermark is below the requested window, so it filters by another field. hygge would skip the record and never read it again. Nothing was committed.',
    tryThis: [
      'If the records contain the field of the filter, make it the watermark and load again: `hygge reset`.',
      'Or name that field: `window: { …, filters: generated_at }`. Then hygge writes every record that the API returns. This needs `watermark.key` and a store that merges.',
      'If the API compares only days: `window: { …, format: date }`.',
    ],
  },
  'HYG-3636': {
    title: 'An answer from a cache is too old',
    meaning:
      'The answer comes from a cache, although hygge requested a fresh one (`Cache-Control: no-cache`). According to its header `Age` or `Date`, the answer is older than the upper bound of the run. Newer rows are not in the answer, and the next run would begin above them. Nothing was committed.',
    tryThis: [
      'Set a lag that is longer than the lifetime of the cache: `watermark: { column: updated_at, lag: 10m }`.',
      'Or use an address without a cache: a `base_url` of the API itself.',
    ],
  },
  'HYG-3638': {
    title: 'The field of the filter does not follow changes',
    meaning:
      'The API filters by the field in `window.filters`. According to its watermark, a record was changed more than an hour after the time in that field. So a change does not update the field, and later runs would miss the change. Nothing was committed.',
    tryThis: [
      'If the API has a parameter for the time of the change, name it in `window.from`, and remove `filters`.',
      'Or read the whole list in each run, into a store that merges by `watermark.key`: remove `window`.',
    ],
  },
  'HYG-3640': {
    title: 'The rows of a parent cannot be read',
    meaning:
      'The API answered 403, 404, 410 or 451 for the rows of a parent. hygge stops if that happens for all parents, or with `missing: fail`. hygge also stops in a backfill or comparison, because the rows would count as deleted. After 403 or 451, hygge also stops in a full load. Otherwise the load would remove rows that could be read before.',
    why: 'The account lost the right to read the parent, or the parent was removed after it was listed.',
    tryThis: [
      'Give the account the right to read the parents. Or leave these parents out of the list of parents: `params` of the entity of the parents.',
      'If only some parents can be read, replace `missing: fail` by `missing: warn` or `missing: ignore`. In a full load, `missing: ignore` removes the rows of the other parents.',
    ],
  },
  'HYG-3641': {
    title: 'A field of the parent is missing, or its name is used twice',
    meaning:
      'The request for the rows needs a field of the parent, but a parent has no text or number in this field. Or the rows already have a field with the name of a column in `parent`.',
    tryThis: ['Name a field that every parent has, such as its id.', 'Choose other names for the columns in `parent`.'],
  },
  'HYG-3642': {
    title: 'A number does not show whether a record is deleted',
    meaning:
      '`deleted` names a field without `is`, and the field contains 0 or 1. Some APIs write 1 for deleted records, and others write 1 for live records (`active`). Nothing was committed.',
    why: 'Without `is`, any value except null, false and an empty text marks a deleted record. That rule fits times and texts.',
    tryThis: [
      'If 1 marks deleted records: `deleted: { at: is_deleted, is: 1 }`.',
      'If 0 marks deleted records, as in a field `active`: `is: 0`.',
    ],
  },
  'HYG-3643': {
    title: 'Two parents lead to the same request',
    meaning:
      'Two records of the parent have the same values in the fields in braces, but different values in the columns of `parent`. The rows would get the columns of only one of them. Nothing was committed.',
    why: 'The fields in braces, such as the category of products, do not identify a parent. Or a record changed during the read and is on two pages. Then the next run succeeds.',
    tryThis: [
      'If both parents have these rows, set a field that identifies a parent: `parent_key: id`.',
      'If both records are the same parent, remove from `parent` the columns that differ.',
    ],
  },
  'HYG-3644': {
    title: 'Equal records at the edge of two pages',
    meaning:
      'A page begins with records that equal the last records of the previous page. They may be the same records again, or other records with equal values. Without a key or an id, hygge cannot distinguish the two cases. Nothing was committed.',
    tryThis: [
      'If pages overlap: `pagination: { overlap: records }`. If they do not: `pagination: { overlap: none }`.',
      'Or name the field that identifies a record: `pagination: { …, key: id }`, or `watermark.key`.',
    ],
  },
  'HYG-3645': {
    title: 'A record changed at the edge of two pages',
    meaning:
      'A page repeats a record of the previous page, with other values. Only the newer version should be written, but the older one was written already. Nothing was committed.',
    tryThis: ['Run again, and hygge reads the record again.'],
  },
  'HYG-3646': {
    title: 'A changed record at the edge of two pages, without a key',
    meaning:
      'A page has a record with the same `id` as a record on the previous page, but with other values. It may be the same record, which changed and moved to the next page. Then only the newer version is right. Or the list contains versions of records, and each version is a row. Nothing was committed.',
    tryThis: [
      'To write only the newer version, name the field that identifies a record: `pagination: { …, key: id }`, or `watermark.key`.',
      'If each version is a row: `pagination: { …, overlap: none }`.',
    ],
  },
  'HYG-3647': {
    title: 'An answer may end at a limit of the API',
    meaning:
      'Without `pagination`, a window has one answer. This answer has a round number of records, or at least as many as the largest complete answer so far. So hygge requested the next records, and the API returned more records of the window. The error also occurs if the newest record is first, and no request can return older records. Nothing was committed.',
    tryThis: [
      'If the API has further pages, set how to request them: `pagination: { type: page }`.',
      'If the API has no pages, let hygge halve a window at the limit: `window: { …, cap: 100 }`. A `cap` needs an upper bound (`window.to`).',
      'If the API returns all of its records in one answer: `pagination: { type: none, ignore_next: true }`.',
    ],
  },
  'HYG-3648': {
    title: 'A list ends before its window',
    meaning:
      'A list in pages lacks records of its window. hygge requested the times before the oldest record and after the newest one, and the API returned other records. Nothing was committed.',
    why: 'The API lists a limited number of records for one request, such as 10,000. Or it lists only the last days if a request has no lower bound.',
    tryThis: [
      'Let hygge halve the window: `window: { …, cap: 1000 }`.',
      'If the API needs a lower bound to list old records: `watermark: { column: updated_at, initial: 2000-01-01 }`.',
      'Then read the records that earlier runs may have missed: `hygge go -d`.',
    ],
  },
  'HYG-3650': {
    title: 'The list is inside of an object',
    meaning:
      '`records` is not set, so the answer should be an array of records. The answer is an object that contains lists, so it would become one row. Nothing was committed.',
    why: 'Most APIs return their list in a member of an object: `data`, `items`, `results`.',
    tryThis: [
      'Set `records` to the place of the list. The message names the possible places.',
      'If the whole object is one record: `records: "."`.',
    ],
  },
  'HYG-3660': {
    title: 'The delta link has expired',
    meaning:
      'An OData service reports changes for a limited time. The delta link of the last run is older than this time, so later changes and deletes are unknown. Nothing was read, and nothing changed.',
    why: 'The time between two runs was too long, or the service was restored or recreated.',
    tryThis: ['Load everything again: `hygge go -d -e flow.entity`.', 'Run the flow more often.'],
  },
  'HYG-3661': {
    title: 'The changes of an entity set cannot be followed',
    meaning:
      '`watermark.changes: delta_links` needs a delta link at the end of the list. And no property may have the name of a column that hygge adds.',
    tryThis: [
      'If a property is set at each change, use it as the watermark: `watermark: { column: … }`.',
      'See the documentation of the service. Some services track changes only after tracking is switched on for an entity set.',
    ],
  },
  'HYG-3662': {
    title: 'An incomplete record',
    meaning:
      'A record lacks a requested property. OData writes an empty property as null, so the value of a missing property is unknown. In a changed record, a missing property may also mean that its value is unchanged. hygge would overwrite the existing value with null. A record in an event may be incomplete in the same way. If no record of the list has an empty field, hygge cannot see how the API writes empty fields. Nothing was committed.',
    why: 'The service returns only changed properties, or returns some properties only if they are named. Or the service hides some properties from this account, or omits empty properties.',
    tryThis: [
      'With delta links, use a property that is set at each change as the watermark: `watermark: { column: … }`.',
      'Or read only the columns that the service always returns: `columns`.',
      'If the service omits empty properties: `left_out: "null"`. For events: `events: { left_out: "null" }`.',
      'If events may contain a part of their records: `events: { left_out: unchanged }`.',
    ],
  },
  'HYG-3663': {
    title: 'No such entity set or property',
    meaning: 'The metadata of the service (`$metadata`) does not list the entity set or property that the entity needs.',
    tryThis: [
      'Set `endpoint` to the exact name of the entity set. Upper and lower case must match.',
      'Check `base_url`: the address of `$metadata` is directly below it.',
    ],
  },
  'HYG-3664': {
    title: 'No OData v4 metadata',
    meaning: 'The answer at `$metadata` is not the XML that describes an OData v4 service.',
    why: '`base_url` is not the root of the service, or a login page answers in its place. Or the service uses OData v2 or v3.',
    tryThis: ['Check `base_url`: the address of `$metadata` is directly below it.', 'Read an OData v2 service as `type: rest_api`.'],
  },
  'HYG-3665': {
    title: 'No key to sort pages by',
    meaning:
      'With `pages: client`, hygge requests the pages of an OData service in the order of the key. The columns do not contain the whole key, so records could be missing.',
    tryThis: ['Add the properties of the key to `columns`.', 'Remove `pages: client`, if the service returns a link to the next page.'],
  },
  'HYG-3670': {
    title: 'More records with one value than fit on a page',
    meaning:
      'With `pagination: { type: anchored }`, each page begins at the last value of the previous page. More records have this value than fit on a page. hygge then needs addresses from the header `Link`, but the answers have none. Nothing was committed.',
    tryThis: [
      'If the API allows larger pages, set `page_size` to the maximum.',
      'Otherwise read the list once by page number, at a time without changes: `pagination: { type: page, param: page }`, or `{ type: offset }`. Keep the same page size.',
    ],
  },
  'HYG-3680': {
    title: 'Events since the last run have expired',
    meaning:
      'An API keeps its events for a limited time (`events.kept`). The last run was before this time, so later changes and deletes are unknown. Nothing was read, and nothing changed.',
    tryThis: ['Load everything again: `hygge go -d -e flow.entity`.', 'Run the flow more often.'],
  },
  'HYG-3681': {
    title: 'Events have an unexpected order',
    meaning:
      'If a record has two events, hygge writes the later event. The order of the list shows which event is later. The list has another order than `events.order`.',
    tryThis: ['Compare `events.order` and `events.params` with the documentation of the API.'],
  },
  'HYG-3682': {
    title: 'An event with another version of the API',
    meaning:
      'An event contains its record in the API version that the account had at that time. The list contains records in another version, so fields may have other names and meanings. Nothing was committed.',
    tryThis: [
      'After a change of the version, load everything again with the command in the message: `hygge go -d` with the entity.',
      'Remove the header that requests another version.',
    ],
  },
  'HYG-3695': {
    title: 'Not an API description',
    meaning:
      '`generate entities --from` reads an OpenAPI 3 or Swagger 2.0 description, as JSON or YAML, from a file or an address. Nothing was written.',
    tryThis: [
      'Name the description itself. It begins with `openapi: 3…` or `swagger: "2.0"`.',
      'Or name the entities: `hygge generate entities --tables orders,customers`.',
    ],
  },
  'HYG-3696': {
    title: 'An API description without lists',
    meaning:
      'In an API description, a list is a `GET` whose answer 200 is an array of objects, or an object that contains such an array. hygge found no list that an entity of this flow could read. Nothing was written.',
    why: 'The description has no schemas for the answers, or has them in other files. Or each path needs a value that the flow does not have.',
    tryThis: [
      'Set values for the names in paths: `home: { path_params: { shop: north } }`.',
      'If the description has several files, join them into one file first, with an OpenAPI bundler.',
      'Write one entity by its endpoint, and check it: `hygge debug`.',
    ],
  },
} as const satisfies Codes;
