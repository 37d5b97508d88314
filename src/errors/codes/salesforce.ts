import type { Codes } from './entry.ts';

/** Why a Salesforce org can not be read. */
export const salesforceCodes = {
  'HYG-3690': {
    title: 'The Salesforce org has no such object or field',
    meaning:
      'The config names an object or a field that the org does not have, or that its user cannot read. Or the object or field cannot be used for this purpose.',
    tryThis: [
      'Compare the name with the API name in Object Manager. Custom names end in `__c`.',
      'Give the user a permission set with the right to read the object and the field.',
      'List the existing objects: `hygge generate entities --dry-run`.',
    ],
  },
  'HYG-3691': {
    title: 'The query is too long',
    meaning:
      'A query of the REST API is part of the address of a request, and the length of an address is limited. The object has more fields than fit.',
    tryThis: [
      'Set `api: bulk` or `api: auto`, because a bulk job accepts a query of any length.',
      'Or read fewer fields: `columns` or `exclude`.',
    ],
  },
  'HYG-3692': {
    title: 'The Salesforce org accepts no more requests',
    meaning:
      'The org has reached a limit: the calls of 24 hours, or the requests that run at once. A run waits before it stops. Other commands do not wait for long.',
    tryThis: [
      'Run again later, because the limit counts the last 24 hours.',
      'Check which programs use the calls: Setup, Company Information, API Requests.',
    ],
  },
  'HYG-3693': {
    title: 'A bulk job of the Salesforce org failed',
    meaning:
      'The job of Bulk API 2.0 that reads the records failed, was aborted, or no longer exists. Until it has read a result, hygge creates the job up to three times.',
    why: 'The query takes longer than the org allows. Or a person or another program aborted or deleted the job, or its results expired after seven days.',
    tryThis: [
      'Run again, with a new job.',
      'Read the object in parts: `where`, or a backfill by `CreatedDate`.',
      'Or read by the REST API: `api: rest`.',
    ],
  },
  'HYG-3694': {
    title: 'The SOQL query cannot be used',
    meaning:
      'The query in `soql` is invalid, uses something that hygge does not support, or conflicts with another key. For example, a query with GROUP BY or LIMIT cannot have a watermark.',
    tryThis: [
      'Select fields, parent fields (`Account.Name`) and aggregates, from one object: `SELECT Id, Name FROM Contact WHERE …`.',
      'Try the query in the Developer Console of the org.',
    ],
  },
  'HYG-3697': {
    title: 'A page of results from the Salesforce org is incomplete',
    meaning:
      'A header of the org states the number of records on a page of a bulk job, but the page has more or fewer records. hygge used nothing of that page.',
    tryThis: [
      'Run again, and hygge requests the page again.',
      'If it happens again, look for a proxy that cuts long answers.',
      'Or read by the REST API: `api: rest`.',
    ],
  },
} as const satisfies Codes;
