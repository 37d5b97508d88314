\set ON_ERROR_STOP on
begin;
GRANT USAGE ON SCHEMA "public" TO "hygge";
GRANT SELECT ON "public"."items" TO "hygge";
GRANT SELECT ON "public"."orders" TO "hygge";
commit;
