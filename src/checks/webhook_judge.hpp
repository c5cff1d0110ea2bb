#pragma once

#include "checks/check.hpp"

/// The findings of family webhook, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kNoCaBundle;
extern const FindingSpec kNotApplied;
extern const FindingSpec kNoWebhook;
extern const FindingSpec kEmptyCaBundle;
extern const FindingSpec kPlaceholderCaBundle;
extern const FindingSpec kUnparsableCaBundle;
extern const FindingSpec kFirstBlockUnusable;
extern const FindingSpec kExpiredCaBundle;
extern const FindingSpec kDoesNotVerifyServing;
extern const FindingSpec kServingUnusable;
extern const FindingSpec kServingNameNotCovered;
extern const FindingSpec kDiffersFromRoot;
extern const FindingSpec kDiffersBetweenRevisions;
extern const FindingSpec kDiffersBetweenEntries;
extern const FindingSpec kVerificationSkipped;
extern const FindingSpec kBundlesAlone;

/// judge_webhooks looks at every caBundle of the run, or at those given alone.
void judge_webhooks(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
