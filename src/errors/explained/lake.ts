import type { lakeCodes } from '../lake-codes.ts';
import type { Explained } from './explained.ts';

/** Why storage in a cloud can't be reached or refuses us, and what it looks like. */
export const lakeExplained = {
  'HYG-6401': {
    why: 'The identity has no role on the account, container or bucket, the role was given a moment ago, or a firewall lets this machine not in.',
    example: {
      what: 's3://lake/raw does not let us write.',
      why: ['It answered 403 AccessDenied: who runs this is known there and has no right to.'],
      tryThis: ['Give whoever runs this s3:PutObject on arn:aws:s3:::lake/*; it may take some minutes to arrive.'],
    },
  },
  'HYG-6402': {
    why: 'No managed identity, no `az login`, a key that was rotated, a SAS that is over, or a clock that is wrong.',
    example: {
      what: 's3://lake/raw does not know who we are.',
      why: ['403 InvalidAccessKeyId.'],
      tryThis: ['Check access_key_id and secret_access_key: the key is unknown there.'],
    },
  },
  'HYG-6403': {
    why: 'A typing mistake, another account or region, or it was never made.',
    example: {
      what: 'There is no bucket lake: s3://lake/raw.',
      why: ['It answered 404 NoSuchBucket.'],
      tryThis: ['Check its name, and that of the account.', 'hygge makes no containers: create it once, by hand or as code.'],
    },
  },
  'HYG-6404': {
    why: 'A wrong name, a network without a way there, or a service that is busy or down.',
    example: {
      what: 's3://lake/raw cannot be reached.',
      why: ['ENOTFOUND.'],
      tryThis: [
        'Check the name of the account, and whether this machine may reach it: hygge debug.',
        'Then try again: nothing is done twice.',
      ],
    },
  },
} as const satisfies Explained<typeof lakeCodes>;
