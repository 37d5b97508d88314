import type { Codes } from './entry.ts';

/** Why a Salesforce org can't be read. */
export const salesforceCodes = {
  'HYG-3690': {
    title: 'The Salesforce org has no such object or field',
    meaning:
      'The config names an object or a field that the org does not have, that its user may not read, or that can not be used for this purpose.',
    why: 'A name is misspelt, the permission set of the user lacks the object or the field, or the connection leads to another org.',
    tryThis: [
      'Compare the name with the API name in Object Manager: names of your own end in `__c`.',
      'Give the user a permission set with the right to read the object and the field.',
      'See what there is: `hygge generate entities --dry-run`.',
    ],
  },
  'HYG-3691': {
    title: 'The query is too long',
    meaning:
      'A query of the REST API goes out in the address of a request, and an address has a bounded length. The object has more fields than fit.',
    why: 'The object has several hundred fields, and all of them are read.',
    tryThis: ['Set `api: bulk`, or `auto`: a job takes a query of any length.', 'Or read less: `columns` or `exclude`.'],
  },
  'HYG-3692': {
    title: 'The Salesforce org takes no more requests',
    meaning:
      'The org answered that a limit of its own is reached: the calls of 24 hours, or the requests that run at once. A run waited before it stopped; other commands do not wait for long.',
    why: 'All programs of the org together have used its requests of 24 hours, or too many long requests run at once.',
    tryThis: ['Run again later: the limit counts the last 24 hours.', 'See who uses the calls: Setup, Company Information, API Requests.'],
  },
  'HYG-3693': {
    title: 'A bulk job of the Salesforce org came to nothing',
    meaning:
      'The job of Bulk API 2.0 that should read the records failed, was aborted, or is gone. While no result was read, hygge makes it again, three times in all.',
    why: 'The query takes longer than the org allows, a person or another program aborted or deleted the job, or its results have expired after seven days.',
    tryThis: [
      'Run again: a new job is made.',
      'Read a part of the object at a time: `where`, or a backfill by `CreatedDate`.',
      'Or read by the REST API: `api: rest`.',
    ],
  },
  'HYG-3694': {
    title: 'The SOQL query can not be read',
    meaning:
      'The query in `soql` is not valid, uses something that hygge does not support, or conflicts with another key: groups of records and queries with LIMIT have no watermark.',
    why: 'The query has a function, records of children or a clause that no table can be made of, or it would leave records out of an increment.',
    tryThis: [
      'Select fields, fields of parents (`Account.Name`) and aggregates, of one object: `SELECT Id, Name FROM Contact WHERE …`.',
      'Try the query in the Developer Console of the org.',
    ],
  },
  'HYG-3697': {
    title: 'A page of results of the Salesforce org is not whole',
    meaning:
      'The org tells in a header how many records a page of results of a bulk job has, and the page has more or fewer of them. Nothing of the page was read.',
    why: 'The connection ended early, or a proxy between hygge and the org cut or changed the answer.',
    tryThis: [
      'Run again: the page is requested again.',
      'If it happens again, look for a proxy that cuts long answers.',
      'Or read by the REST API: `api: rest`.',
    ],
  },
} as const satisfies Codes;
