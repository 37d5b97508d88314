REVOKE SELECT ON "public"."calls" FROM "hygge";
REVOKE SELECT ON "public"."berths" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
