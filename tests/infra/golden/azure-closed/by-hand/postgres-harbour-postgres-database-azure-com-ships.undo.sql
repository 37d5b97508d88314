\set ON_ERROR_STOP on
begin;
REVOKE SELECT ON "public"."calls" FROM "hygge";
REVOKE SELECT ON "public"."berths" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
commit;
