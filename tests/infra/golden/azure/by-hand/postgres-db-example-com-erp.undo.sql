\set ON_ERROR_STOP on
begin;
REVOKE SELECT ON "public"."orders" FROM "hygge";
REVOKE SELECT ON "public"."items" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
commit;
