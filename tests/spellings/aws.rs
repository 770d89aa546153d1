//! How AWS and CloudFormation write rules.
