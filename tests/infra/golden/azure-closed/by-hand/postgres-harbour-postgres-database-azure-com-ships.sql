\set ON_ERROR_STOP on
begin;
GRANT USAGE ON SCHEMA "public" TO "hygge";
GRANT SELECT ON "public"."berths" TO "hygge";
GRANT SELECT ON "public"."calls" TO "hygge";
commit;
