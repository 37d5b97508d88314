/**
 * Google's client library, to be loaded by `import()` when something is first asked of it. It is CommonJS: named imports find its exports in a
 * bundle too, and `import()` of the library itself finds a default only.
 */
export { AwsClient, GoogleAuth, gaxios, IdentityPoolClient, JWT, UserRefreshClient } from 'google-auth-library';
