// Student's t distribution with a whole number of degrees of freedom.
#pragma once

namespace conceptune::evaluation {

/// The t for which P(|T| <= t) is `confidence` (0 < confidence < 1) at `degrees` >= 1 degrees of freedom, to
/// some 1e-9 of its size.
double student_t(double confidence, int degrees);

}  // namespace conceptune::evaluation
