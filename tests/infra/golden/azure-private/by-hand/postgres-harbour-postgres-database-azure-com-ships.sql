GRANT USAGE ON SCHEMA "public" TO "hygge";
GRANT SELECT ON "public"."berths" TO "hygge";
GRANT SELECT ON "public"."calls" TO "hygge";
