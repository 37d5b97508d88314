import type { stateCodes } from '../state-codes.ts';
import type { Explained } from './explained.ts';

/** Why state cannot be trusted, and what it looks like. */
export const stateExplained = {
  'HYG-5001': {
    why: 'The file was edited, or restored only in part.',
    example: {
      what: 'The state file .hygge/state/crm/Account.state.yml is damaged.',
      why: [
        'the file: Invalid input: expected object, received null',
        'The run stopped before it read or wrote any data; the watermark is not guessed.',
      ],
      tryThis: [
        'Put .hygge/state/crm/Account.state.yml back from a backup.',
        'Or move it away and run `hygge reset crm.Account --adopt`: hygge takes the destination over as it is.',
      ],
    },
  },
  'HYG-5002': {
    why: 'Machines with different versions share a state folder, or hygge was downgraded.',
    example: {
      what: 'The journal 2026-11.ndjson was written by a newer hygge (format 2; this one knows 1).',
      why: [],
      tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
    },
  },
  'HYG-5003': {
    why: 'A file of that name was put there by something else, or was damaged beyond recognition.',
    example: {
      what: '.hygge/state/shop/orders.state.yml is not a state file of hygge.',
      why: [
        'Implicit map keys need to be followed by map values',
        'The run stopped before it read or wrote any data; the watermark is not guessed.',
      ],
      tryThis: [
        'Put .hygge/state/shop/orders.state.yml back from a backup.',
        'Or move it away and run `hygge reset shop.orders --adopt`: hygge takes the destination over as it is.',
      ],
    },
  },
  'HYG-5004': {
    why: 'A state file was copied to make a second entity, or an entity was renamed only in case. `hygge state mv` renames for good.',
    example: {
      what: '.hygge/state/crm/Account.state.yml holds the state of crm.account, not of crm.Account.',
      why: ['It was copied or renamed, or the disk takes upper and lower case for the same and the entity was renamed only in case.'],
      tryThis: [
        'Rename the entity in the configuration back to what the file says.',
        'Put .hygge/state/crm/Account.state.yml back from a backup.',
        'Or move it away and run `hygge reset crm.Account --adopt`: hygge takes the destination over as it is.',
      ],
    },
  },
  'HYG-5005': {
    why: 'A faulty disk, or something else wrote into `.hygge/objects`.',
    example: {
      what: 'The stored object .hygge/objects/crm/Account/intents/7.json is damaged.',
      why: [
        'Unterminated string in JSON at position 17 (line 1 column 18)',
        'Objects are written once and whole: something else changed this file.',
      ],
      tryThis: [
        'Put .hygge/objects/crm/Account/intents/7.json back from a backup.',
        'Or move it away and run again: hygge then says how to go on without it.',
      ],
    },
  },
  'HYG-5006': {
    why: 'Somebody tidied up in `.hygge`, or restored only a part of it.',
    example: {
      what: 'A record of shop.orders is missing from its state: intents/01M7WBCT8NPS10X98J6TEFZ1KD.json.',
      why: ['The state (files /srv/northwind/.hygge/state on laptop) points at it, so something else removed it.'],
      tryThis: ['Put it back from a backup', 'Or give it up: hygge reset shop.orders --discard, then hygge go'],
    },
  },
  'HYG-5007': {
    why: 'A glob or query of hundreds of kilobytes, or thousands of backfill lanes that never ended.',
    example: {
      what: 'The state of shop.orders is too large for its row in Table Storage: 1204882 bytes of JSON, 896000 at most.',
      why: ['It was not written; what was there before stands.'],
      tryThis: ['Look what makes it so large: hygge state show', 'Shorten the paths, globs or queries of home and store that it names'],
    },
  },
  'HYG-5008': {
    why: 'No network, a firewall that drops what it does not know, or a misspelt account.',
    example: {
      what: 'The state cannot be reached in table hygge of https://northwind.table.core.windows.net.',
      why: ['getaddrinfo ENOTFOUND northwind.table.core.windows.net (ENOTFOUND)'],
      tryThis: [
        'Try again in a moment: what was decided is finished first, nothing is done twice',
        'Check the account in `state:` of hygge.yml, the network and the firewall of the account: hygge debug',
      ],
    },
  },
  'HYG-5009': {
    why: 'A role is missing: Owner and Contributor of an account do not include the right to its data. Or a key was renewed.',
    example: {
      what: 'The state in table hygge of https://northwind.table.core.windows.net may not be read or written by this identity.',
      why: ['This request is not authorized to perform this operation using this permission. (403 AuthorizationPermissionMismatch)'],
      tryThis: [
        'Give it the roles Storage Table Data Contributor and Storage Blob Data Contributor on the storage account; a new role takes some minutes to count',
        'Signed in by hand: az login, with an account that has them',
        'With a connection string: see that its key was not renewed; with a firewall: that it lets this machine in',
      ],
    },
  },
  'HYG-5010': {
    why: 'Some services that speak the language of S3, and old versions of others, take the conditions of a write and do not look at them.',
    example: {
      what: "s3://lake/northwind does not keep conditional writes: state can't live there.",
      why: ['A file that is there was created again.', 'Two runs at once would both believe that an entity is theirs.'],
      tryThis: [
        'Keep the state elsewhere: state: { type: table_storage }, or state: { type: files } for one machine',
        'If the service was updated meanwhile, try again; .hygge/probe-k3v9x2m4qa may be removed',
      ],
    },
  },
  'HYG-5020': {
    why: 'A disk ran full, the server became a standby, or somebody altered or made the tables by hand.',
    example: {
      what: 'The database did not do what the state in hygge_metadata of postgres db.example/erp asks of it.',
      why: ['column w.version does not exist.'],
      tryThis: [
        'Look what the message names: a full disk, a database that is set to read only, a table that is not as hygge made it',
        'Then run again: nothing was decided without the state',
      ],
    },
  },
  'HYG-5031': {
    why: 'Somebody removed objects of the state while the run was at work.',
    example: {
      what: 'What was found for run 01M85KXBYSJXRJ6G4KH80Q59Y0 of shop is not in the state any more.',
      why: ['Its entities are those that were found when it began; objects of the state were removed meanwhile.'],
      tryThis: ['Start the flow again: it looks anew, and finishes first what was decided'],
    },
  },
  'HYG-5030': {
    why: 'The run was one of the function app or of another machine, or of a version that kept no logs.',
    example: {
      what: 'There is no log of 01M85KXBYSJXRJ6G4KH80Q59Y0 here.',
      why: ['It ran on another machine, before logs were kept, or longer ago than `keep`.'],
      tryThis: ['What came of it: hygge journal --run last', 'An app keeps its log in Application Insights'],
    },
  },
  'HYG-5021': {
    why: 'Few roles may create schemas, and nobody has made them for hygge.',
    example: {
      what: 'The tables of the state in hygge_metadata of postgres db.example/erp are not there, and this role may not make them.',
      why: ['Missing: schema hygge_metadata, "hygge_metadata".watermarks.', 'permission denied for database erp.'],
      tryThis: [
        'Have somebody who may create schemas run what this prints: hygge generate ddl --metadata --connection erp',
        'Then run again: nothing was read or written',
      ],
    },
  },
} as const satisfies Explained<typeof stateCodes>;
