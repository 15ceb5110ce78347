package descope

import (
	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
)

// userType is the type of a user in results. custom_attributes and oauth are
// objects of any shape.
var userType = cty.Object(map[string]cty.Type{
	"login_ids": cty.List(cty.String), "user_id": cty.String, "name": cty.String, "given_name": cty.String,
	"middle_name": cty.String, "family_name": cty.String, "email": cty.String, "phone": cty.String,
	"verified_email": cty.Bool, "verified_phone": cty.Bool, "role_names": cty.List(cty.String),
	"user_tenants": cty.List(tenantType), "status": cty.String, "external_ids": cty.List(cty.String),
	"picture": cty.String, "test": cty.Bool, "custom_attributes": cty.DynamicPseudoType, "created_time": cty.Number, "modified_time": cty.Number,
	"totp": cty.Bool, "saml": cty.Bool, "scim": cty.Bool, "oidc": cty.Bool, "webauthn": cty.Bool, "password": cty.Bool,
	"push": cty.Bool, "oauth": cty.DynamicPseudoType, "sso_app_ids": cty.List(cty.String), "editable": cty.Bool,
	"permissions": cty.List(cty.String), "consent_expiration": cty.Number, "recovery_email": cty.String,
	"recovery_phone": cty.String, "verified_recovery_email": cty.Bool, "verified_recovery_phone": cty.Bool,
})

var tenantType = cty.Object(map[string]cty.Type{
	"tenant_id": cty.String, "tenant_name": cty.String, "role_names": cty.List(cty.String), "permissions": cty.List(cty.String),
})

// userValue gives a user as a result. What the answer left out is empty, 0 or false,
// as on the wire.
func userValue(u *api.User) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"login_ids": ctyTexts(u.LoginIDs), "user_id": cty.StringVal(u.UserID), "name": cty.StringVal(u.Name),
		"given_name": cty.StringVal(u.GivenName), "middle_name": cty.StringVal(u.MiddleName), "family_name": cty.StringVal(u.FamilyName),
		"email": cty.StringVal(u.Email), "phone": cty.StringVal(u.Phone),
		"verified_email": cty.BoolVal(u.VerifiedEmail), "verified_phone": cty.BoolVal(u.VerifiedPhone),
		"role_names": ctyTexts(u.RoleNames), "user_tenants": tenantsValue(u.UserTenants), "status": cty.StringVal(u.Status),
		"external_ids": ctyTexts(u.ExternalIDs), "picture": cty.StringVal(u.Picture), "test": cty.BoolVal(u.Test),
		"custom_attributes": ctyObject(u.CustomAttributes), "created_time": cty.NumberIntVal(int64(u.CreatedTime)),
		"modified_time": cty.NumberIntVal(int64(u.ModifiedTime)),
		"totp":          cty.BoolVal(u.TOTP), "saml": cty.BoolVal(u.SAML), "scim": cty.BoolVal(u.SCIM), "oidc": cty.BoolVal(u.OIDC),
		"webauthn": cty.BoolVal(u.WebAuthn), "password": cty.BoolVal(u.Password), "push": cty.BoolVal(u.Push),
		"oauth": ctyObject(u.OAuth), "sso_app_ids": ctyTexts(u.SSOAppIDs), "editable": cty.BoolVal(u.Editable),
		"permissions": ctyTexts(u.Permissions), "consent_expiration": cty.NumberIntVal(int64(u.ConsentExpiration)),
		"recovery_email": cty.StringVal(u.RecoveryEmail), "recovery_phone": cty.StringVal(u.RecoveryPhone),
		"verified_recovery_email": cty.BoolVal(u.VerifiedRecoveryEmail), "verified_recovery_phone": cty.BoolVal(u.VerifiedRecoveryPhone),
	})
}

func tenantsValue(list []api.UserTenant) cty.Value {
	if len(list) == 0 {
		return cty.ListValEmpty(tenantType)
	}
	out := make([]cty.Value, len(list))
	for i, t := range list {
		out[i] = cty.ObjectVal(map[string]cty.Value{
			"tenant_id": cty.StringVal(t.TenantID), "tenant_name": cty.StringVal(t.TenantName),
			"role_names": ctyTexts(t.RoleNames), "permissions": ctyTexts(t.Permissions),
		})
	}
	return cty.ListVal(out)
}
