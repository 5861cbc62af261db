"""报告核对: the original beside the figures, findings marked in both."""
