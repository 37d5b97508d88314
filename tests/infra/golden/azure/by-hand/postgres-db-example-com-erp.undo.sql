REVOKE SELECT ON TABLE "public"."items" FROM "hygge";
REVOKE SELECT ON TABLE "public"."orders" FROM "hygge";
REVOKE USAGE ON SCHEMA "public" FROM "hygge";
