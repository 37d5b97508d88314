GRANT SELECT ON TABLE "public"."berths" TO "hygge";
GRANT SELECT ON TABLE "public"."calls" TO "hygge";
GRANT USAGE ON SCHEMA "public" TO "hygge";
