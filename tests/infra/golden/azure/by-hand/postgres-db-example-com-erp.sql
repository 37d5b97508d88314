GRANT SELECT ON TABLE "public"."items" TO "hygge";
GRANT SELECT ON TABLE "public"."orders" TO "hygge";
GRANT USAGE ON SCHEMA "public" TO "hygge";
