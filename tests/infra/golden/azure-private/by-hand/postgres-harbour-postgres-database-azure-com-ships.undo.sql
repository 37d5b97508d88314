REVOKE SELECT ON TABLE "public"."berths" FROM "hygge";
REVOKE SELECT ON TABLE "public"."calls" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
